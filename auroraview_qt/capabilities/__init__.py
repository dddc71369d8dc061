"""What a page may do beyond the bridge, where its program switches it on: the parts that know no Qt."""
