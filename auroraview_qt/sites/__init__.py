"""Files that a page is served: the app, its assets, and files on disk. No Qt."""
