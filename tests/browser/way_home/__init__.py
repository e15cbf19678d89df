"""The way home through the pages, stage by stage; every act is somebody's, in a window of their own."""
