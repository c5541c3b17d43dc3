"""Everything read about messages: how somebody is reached, one's own messages, how sending goes."""
