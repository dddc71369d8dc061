"""The engine on Qt: the scheduling, the channel, the page's policy, the widget. GUI thread."""
