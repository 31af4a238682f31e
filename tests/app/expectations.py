"""Who is told what. 404: it does not exist for them; 403: they see it and may not; 401 or 303: sign in first.

The channels of the cases have the member and the moderator in them, and nobody else of the actors. One status stands
for everybody, two for nobody and for everybody signed in.
"""

from tests.app.expected_routes import ROUTES

NOT_BY_TOKEN = {
    "people.import",
    "people.invite",
    "people.let_in",
    "people.make_token",
    "people.reset_link",
}  # what a device must do
ENDS_SESSIONS = {"people.sign_out", "people.revoke_session", "people.change_password"}

VERBS = """
# verb                    case        none  guest outsid member  moder editor  admin  owner
channels.add              private      401    404    404    403    200    404    404    404
channels.add              public       401    404    403    200    200    403    403    403
channels.add              direct       401    404    404    403    403    404    404    404
channels.archive          private      401    404    404    403    200    404    200    200
channels.archive          public       401    404    403    403    200    403    200    200
channels.archive          direct       401    404    404    403    403    404    404    404
channels.change           private      401    404    404    403    200    404    200    200
channels.change           public       401    404    403    403    200    403    200    200
channels.change           direct       401    404    404    403    403    404    404    404
channels.create           private      401    403    200    200    200    200    200    200
channels.create           public       401    403    200    200    200    200    200    200
channels.direct           -            401    200
channels.favourite        private      401    404    404    200    200    404    404    404
channels.favourite        public       401    404    403    200    200    403    403    403
channels.join             private      401    404    404    200    200    404    404    404
channels.join             public       401    404    200    200    200    200    200    200
channels.join             direct       401    404    404    200    200    404    404    404
channels.leave            private      401    404    404    200    200    404    404    404
channels.leave            public       401    404    403    200    200    403    403    403
channels.leave            direct       401    404    404    200    200    404    404    404
channels.remove           private      401    404    404    403    200    404    404    404
channels.remove           public       401    404    403    403    200    403    403    403
channels.remove           direct       401    404    404    403    403    404    404    404
channels.role             private      401    404    404    403    200    404    403    403
channels.role             public       401    404    403    403    200    403    403    403
channels.role             direct       401    404    404    403    403    404    404    404
channels.unarchive        private      401    404    404    403    200    404    200    200
channels.unarchive        public       401    404    403    403    200    403    200    200
chat.delete               private      401    404    404    403    200    404    404    404
chat.delete               public       401    404    403    403    200    403    403    403
chat.delete               direct       401    404    404    403    403    404    404    404
chat.delete               own          401    404    404    200    200    404    404    404
chat.draft                private      401    404    404    200    200    404    404    404
chat.draft                public       401    404    403    200    200    403    403    403
chat.edit                 private      401    404    404    403    403    404    404    404
chat.edit                 public       401    404    403    403    403    403    403    403
chat.edit                 direct       401    404    404    403    403    404    404    404
chat.edit                 own          401    404    404    200    200    404    404    404
chat.pin                  private      401    404    404    200    200    404    404    404
chat.pin                  public       401    404    403    200    200    403    403    403
chat.post                 private      401    404    404    200    200    404    404    404
chat.post                 public       401    404    403    200    200    403    403    403
chat.post                 direct       401    404    404    200    200    404    404    404
chat.react                private      401    404    404    200    200    404    404    404
chat.react                public       401    404    403    200    200    403    403    403
chat.react                direct       401    404    404    200    200    404    404    404
chat.read                 private      401    404    404    200    200    404    404    404
chat.read                 public       401    404    403    200    200    403    403    403
chat.read_all             private      401    404    404    200    200    404    404    404
chat.read_all             public       401    404    403    200    200    403    403    403
chat.reschedule           private      401    404    404    200    200    404    404    404
chat.reschedule           public       401    404    404    200    200    404    404    404
chat.schedule             private      401    404    404    200    200    404    404    404
chat.schedule             public       401    404    403    200    200    403    403    403
chat.topic_close          private      401    404    404    200    200    404    404    404
chat.topic_close          public       401    404    403    200    200    403    403    403
chat.topic_merge          private      401    404    404    200    200    404    404    404
chat.topic_merge          public       401    404    403    200    200    403    403    403
chat.topic_move           private      401    404    404    200    200    404    404    404
chat.topic_move           public       401    404    403    200    200    403    403    403
chat.topic_rename         private      401    404    404    200    200    404    404    404
chat.topic_rename         public       401    404    403    200    200    403    403    403
chat.topic_rename         direct       401    404    404    200    200    404    404    404
chat.unschedule           private      401    404    404    200    200    404    404    404
chat.unschedule           public       401    404    404    200    200    404    404    404
customers.archive         -            401    404    403    403    403    200    200    200
customers.change          -            401    404    403    403    403    200    200    200
customers.import          -            401    404    403    403    403    200    200    200
customers.make            -            401    404    403    403    403    200    200    200
feed.acknowledge          team       401    404    404    200    200    404    404    404
feed.acknowledge          all        401    404    200    200    200    200    200    200
feed.acknowledge          own        401    404    404    403    403    404    404    404
feed.allow                -            401    403    403    403    403    200    200    200
feed.answer               team       401    404    404    403    403    404    404    404
feed.answer               all        401    404    403    403    403    200    200    200
feed.answer               own        401    404    404    200    200    404    404    404
feed.audience             team         401    404    404    403    403    404    404    404
feed.audience             all          401    404    403    403    403    403    403    403
feed.audience             own          401    404    404    200    200    404    404    404
feed.comment              team       401    404    404    200    200    404    404    404
feed.comment              all        401    404    200    200    200    200    200    200
feed.comment_edit         team       401    404    404    403    403    404    404    404
feed.comment_edit         all        401    404    403    403    403    403    403    403
feed.comment_edit         own        401    404    404    200    200    404    404    404
feed.comment_remove       team       401    404    404    403    403    404    404    404
feed.comment_remove       own        401    404    404    200    200    404    404    404
feed.comments_close       team       401    404    404    403    403    404    404    404
feed.comments_close       own        401    404    404    200    200    404    404    404
feed.discard              team         401    404
feed.discard              own          401    404    404    200    200    404    404    404
feed.draft                team         401    403    404    404    404    404    404    404
feed.draft                own          401    403    404    200    200    404    404    404
feed.edit                 team         401    404    404    403    403    404    404    404
feed.edit                 all          401    404    403    403    403    403    403    403
feed.edit                 own          401    404    404    200    200    404    404    404
feed.follow               team       401    404    404    200    200    404    404    404
feed.follow               all        401    404    200    200    200    200    200    200
feed.pin                  team         401    404    404    403    403    404    404    404
feed.pin                  all          401    404    403    403    403    200    200    200
feed.publish              news         401    403    403    403    403    200    200    200
feed.publish              feedback     401    403    200    200    200    200    200    200
feed.publish              idea         401    403    200    200    200    200    200    200
feed.publish              question     401    403    200    200    200    200    200    200
feed.publish              praise       401    403    200    200    200    200    200    200
feed.publish              poll         401    403    422    422    422    422    422    422
feed.publish              later        401    403    200    200    200    200    200    200
feed.react                team       401    404    404    200    200    404    404    404
feed.react                all        401    404    200    200    200    200    200    200
feed.remind               team       401    404    404    403    403    404    404    404
feed.remind               own        401    404    404    200    200    404    404    404
feed.remove               team         401    404    404    403    403    404    404    404
feed.remove               own          401    404    404    200    200    404    404    404
feed.save                 team       401    404    404    200    200    404    404    404
feed.save                 all        401    404    200    200    200    200    200    200
feed.setting              -          401    403    403    403    403    403    200    200
feed.state                team       401    404    404    200    200    404    404    404
feed.state                all        401    404    403    403    403    200    200    200
feed.unschedule           team         401    404
feed.unschedule           own          401    404    404    200    200    404    404    404
files.attach              private      401    404    404    200    200    404    404    404
files.attach              public       401    404    404    200    200    404    404    404
files.begin               -            401    200
files.drop                private      401    404    404    200    200    404    404    404
files.drop                public       401    404    404    200    200    404    404    404
notices.done              -            401    200
notices.undone            -            401    200
moderation.decide         private    401    404    404    404    200    404    200    200
moderation.decide         direct     401    404    404    404    404    404    200    200
moderation.report         private    401    404    404    200    200    404    404    404
moderation.report         public     401    404    403    200    200    403    403    403
moderation.report         direct     401    404    404    200    200    404    404    404
people.accept             -            404
people.admit              member       401    403    403    403    403    403    200    200
people.admit              owner        401    403    403    403    403    403    403    200
people.change_password    -            401    403
people.deactivate         member       401    403    403    403    403    403    200    200
people.deactivate         owner        401    403    403    403    403    403    403    200
people.import             -            401    403    403    403    403    403    200    200
people.invite             -            401    403    403    403    403    403    200    200
people.let_in             -            401    403    403    403    403    403    200    200
people.make_token         -            401    200
people.photo              -            401    200
people.profile            -            401    200
people.reactivate         member       401    403    403    403    403    403    200    200
people.reactivate         owner        401    403    403    403    403    403    403    200
people.reset              -            404
people.reset_link         member       401    403    403    403    403    403    200    200
people.reset_link         owner        401    403    403    403    403    403    403    200
people.reset_request      -            200
people.revoke_invitation  -            401    403    403    403    403    403    200    200
people.revoke_session     member       401    403    403    403    403    403    200    200
people.revoke_session     owner        401    403    403    403    403    403    403    200
people.revoke_session     own          401    200
people.set_up             -            409
people.sign_in            -            401
people.sign_out           -            200
people.team_change        -            401    403    403    403    403    403    200    200
people.team_make          -            401    403    403    403    403    403    200    200
people.team_members       -            401    403    403    403    403    403    200    200
products.archive          -            401    404    403    403    403    200    200    200
products.change           -            401    404    403    403    403    200    200    200
products.import           -            401    404    403    403    403    200    200    200
products.make             -            401    404    403    403    403    200    200    200
polls.add_option          private      401    404    404    200    200    404    404    404
polls.add_option          public       401    404    403    200    200    403    403    403
polls.close               private      401    404    404    403    200    404    404    404
polls.close               public       401    404    403    403    200    403    403    403
polls.close               direct       401    404    404    403    403    404    404    404
polls.open                private      401    404    404    200    200    404    404    404
polls.open                public       401    404    403    200    200    403    403    403
polls.open                direct       401    404    404    200    200    404    404    404
polls.share               private      401    404    404    200    200    404    404    404
polls.vote                private      401    404    404    200    200    404    404    404
polls.vote                public       401    404    403    200    200    403    403    403
polls.vote                direct       401    404    404    200    200    404    404    404
"""

__all__ = ["ENDS_SESSIONS", "NOT_BY_TOKEN", "ROUTES", "VERBS"]
