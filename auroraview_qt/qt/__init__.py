"""The engine on Qt: when things are sent, the channel, the page's policy, the widget. GUI thread."""
