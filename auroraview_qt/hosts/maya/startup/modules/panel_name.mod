+ panel_name 1.0 ./panel_name
