"""What makes it an app: the shell, the service worker, the manifest."""
