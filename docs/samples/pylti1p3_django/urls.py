"""The addresses of the game."""

import views
from django.contrib import admin
from django.urls import path

urlpatterns = [
    path("lti/login", views.login, name="login"),
    path("lti/launch", views.launch, name="launch"),
    path("lti/jwks", views.jwks, name="jwks"),
    path("guess/<str:launch_id>", views.guess, name="guess"),
    path("board/<str:launch_id>", views.board, name="board"),
    path("picked/<str:launch_id>/<str:difficulty>", views.picked, name="picked"),
    path("admin/", admin.site.urls),
]
