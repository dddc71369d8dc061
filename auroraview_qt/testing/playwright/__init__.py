"""The Playwright stage: real pages, used by Playwright over Chromium's remote debugging. GUI thread."""
