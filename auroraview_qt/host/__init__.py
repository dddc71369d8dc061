"""The host application as the layers below `hosts` see it: a Protocol, and which host this process is. No Qt."""
