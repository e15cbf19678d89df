from django.urls import path

from accounts.views import design

urlpatterns = [path("", design.design, name="design")]
