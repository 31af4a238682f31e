"""Which page answers whom with what; how to read it stands in `expectations`."""

ROUTES = """
# method:address                                    case       none  guest outsid member  moder editor  admin  owner
GET:/worker.js                                      -           200
GET:/openapi.json                                   -           200
GET:/offline                                        -           200
GET:/manifest.webmanifest                           -           200
GET:/words/de.json                                  -           200
GET:/words/xx.json                                  -           404
GET:/key                                            -           303    200
GET:/healthz                                        -           200
GET:/readyz                                         -           200
GET:/favicon.ico                                    -           200
GET:{asset}                                         -           200
GET:/static/../run.py                               -           404
GET:/sign-in                                        -           200    303
GET:/set-up/{token}                                 -           409
GET:/invitation/{token}                             -           404
GET:/reset                                          -           200
GET:/reset/{token}                                  -           404
GET:/welcome                                        -           303    200
GET:/me                                             -           303    200
GET:/me/sessions                                    -           303    200
GET:/me/token/{upload}                              -           303    404
GET:/people                                         -           303    200
GET:/p/{outsider}                                   -           303    404    200    200    200    200    200    200
GET:/p/{guest}                                      -           303    200
GET:/p/{nothing}                                    -           303    404
GET:/p/{beyond}                                     -           303    404
GET:/people/{author}/photo/{photo}.webp             -           303    404
GET:/people/{outsider}/photo/{photo}.webp           -           303    404
GET:/channels                                       -           303    200
GET:/channels/new                                   -           303    200
GET:/channels/direct                                -           303    200
GET:/                                               -           303    200
GET:/audience/reach                                 -           303    403    200    200    200    200    200    200
GET:/audience/reach?line=;99;                       -           303    403    200    200    200    200    200    200
GET:/audience/people.json                           -           303    403    200    200    200    200    200    200
GET:/part/home                                      -           303    200
GET:/chats                                          -           303    200
GET:/part/chats                                     -           303    200
GET:/part/nav                                       -           303    200
GET:/jump.json                                      -           303    200
GET:/outbox                                         -           303    200
GET:/search                                         -           303    200
GET:/search?q=muster&kind=chat&older=9              -           303    200
GET:/search?q=zwk                                   -           303    200
GET:/search?q=zwk&kind=chat                         -           303    200
GET:/search?q=zwk&kind=posts                        -           303    200
GET:/new                                            -           303    200
GET:/later                                          -           303    200
GET:/c/{private}                                    private     303    404    404    200    200    404    404    404
GET:/c/{private}/t/{private_topic}                  private     303    404    404    200    200    404    404    404
GET:/c/{private}/topics                             private     303    404    404    200    200    404    404    404
GET:/c/{private}/messages?after=0                   private     303    404    404    200    200    404    404    404
GET:/c/{private}/people.json                        private     303    404    404    200    200    404    404    404
GET:/c/{private}/m/{private_seq}/earlier            private     303    404    404    404    200    404    404    404
GET:/c/{private}/m/{private_seq}/source             private     303    404
GET:/c/{private}/m/{private_seq}/reactions          private     303    404    404    200    200    404    404    404
GET:/card/quote/{private}/{private_seq}             private     303    404    404    200    200    404    404    404
GET:/c/{private}/settings                           private     303    404    404    200    200    404    200    200
GET:/c/{private}/members                            private     303    404    404    200    200    404    200    200
GET:/catchup?place={private}&epoch={epoch}&after=0  private     303    404    404    200    200    404    404    404
GET:/files/{private_file}/original/anlage.txt       private     303    404    404    200    200    404    404    404
GET:/c/{public}                                     public      303    404    403    200    200    403    403    403
GET:/c/{public}/t/{public_topic}                    public      303    404    403    200    200    403    403    403
GET:/c/{public}/topics                              public      303    404    403    200    200    403    403    403
GET:/c/{public}/messages?after=0                    public      303    404    403    200    200    403    403    403
GET:/c/{public}/people.json                         public      303    404    403    200    200    403    403    403
GET:/c/{public}/m/{public_seq}/earlier              public      303    404    403    404    200    403    403    403
GET:/c/{public}/m/{public_seq}/source               public      303    404    403    404    404    403    403    403
GET:/c/{public}/m/{public_seq}/reactions            public      303    404    403    200    200    403    403    403
GET:/card/quote/{public}/{public_seq}               public      303    404    403    200    200    403    403    403
GET:/c/{public}/settings                            public      303    404    200    200    200    200    200    200
GET:/c/{public}/members                             public      303    404    200    200    200    200    200    200
GET:/catchup?place={public}&epoch={epoch}&after=0   public      303    404    404    200    200    404    404    404
GET:/files/{public_file}/original/anlage.txt        public      303    404    404    200    200    404    404    404
GET:/c/{direct}                                     direct      303    404    404    200    200    404    404    404
GET:/c/{direct}/t/{direct_topic}                    direct      303    404    404    200    200    404    404    404
GET:/c/{direct}/topics                              direct      303    404    404    200    200    404    404    404
GET:/c/{direct}/messages?after=0                    direct      303    404    404    200    200    404    404    404
GET:/c/{direct}/people.json                         direct      303    404    404    200    200    404    404    404
GET:/c/{direct}/m/{direct_seq}/earlier              direct      303    404
GET:/c/{direct}/m/{direct_seq}/source               direct      303    404
GET:/c/{direct}/m/{direct_seq}/reactions            direct      303    404    404    200    200    404    404    404
GET:/card/quote/{direct}/{direct_seq}               direct      303    404    404    200    200    404    404    404
GET:/c/{direct}/settings                            direct      303    404    404    200    200    404    404    404
GET:/c/{direct}/members                             direct      303    404    404    200    200    404    404    404
GET:/catchup?place={direct}&epoch={epoch}&after=0   direct      303    404    404    200    200    404    404    404
GET:/files/{direct_file}/original/anlage.txt        direct      303    404    404    200    200    404    404    404
GET:/feed                                           -           303    200
GET:/part/feed                                      -           303    200
GET:/feed/new                                       -           303    403    200    200    200    200    200    200
GET:/feed/drafts                                    -           303    200
GET:/feed/writers                                   -           303    403    403    403    403    200    200    200
POST:/feed/preview                                  -           303    200
GET:/posts/{post}                                   team        303    404    404    200    200    404    404    404
GET:/posts/{post}/card                              team        303    404    404    200    200    404    404    404
GET:/posts/{post}/card?as=share                     team        303    404    404    200    200    404    404    404
GET:/posts/{post}/earlier                           team        303    404
GET:/posts/{post}/edit                              team        303    404
GET:/posts/{post_all}                               all         303    404    200    200    200    200    200    200
GET:/posts/{post_all}/earlier                       all         303    404    404    404    404    200    200    200
GET:/posts/{beyond}                                 -           303    404
GET:/feed/saved                                     -           303    200
GET:/feed/waiting                                   -           303    200
GET:/feed/settings                                  -           303    403    403    403    403    403    200    200
GET:/posts/{post}?comment={comment}                 team        303    404    404    200    200    404    404    404
GET:/part/posts/{post}/comments                     team        303    404    404    200    200    404    404    404
GET:/posts/{post}/reactions                         team        303    404    404    200    200    404    404    404
GET:/posts/{post}/people.json                       team        303    404    404    200    200    404    404    404
GET:/posts/{post}/states                            team        303    404    404    200    200    404    404    404
GET:/posts/{post_all}/states                        all         303    404    200    200    200    200    200    200
GET:/posts/{post}/acks                              team        303    404
GET:/comments/{comment}                             team        303    404    404    200    200    404    404    404
GET:/comments/{comment}/reactions                   team        303    404    404    200    200    404    404    404
GET:/comments/{comment}/earlier                     team        303    404
GET:/comments/{comment}/source                      team        303    404
GET:/comments/{beyond}                              -           303    404
GET:/c/{nothing}                                    -           303    404
GET:/c/{beyond}                                     -           303    404
GET:/c/{private}/t/{beyond}                         -           303    404
GET:/c/{private}/m/{beyond}/source                  -           303    404
GET:/catchup?place={member}&epoch={epoch}&after=0   -           303    404    404    200    404    404    404    404
GET:/catchup?place={beyond}&epoch={epoch}&after=0   -           303    404
GET:/catchup?place=x                                -           303    422
GET:/card/quote/{private}/{nothing}                 -           303    404
GET:/files/{token}/original/a                       -           303    404
GET:/admin/people                                   -           303    403    403    403    403    403    200    200
GET:/admin/people?q=muster                          -           303    403    403    403    403    403    200    200
GET:/admin/invite                                   -           303    403    403    403    403    403    200    200
GET:/admin/people/import                            -           303    403    403    403    403    403    200    200
POST:/admin/people/import                           -           303    403    403    403    403    403    422    422
GET:/admin/people/{member}                          -           303    403    403    403    403    403    200    200
GET:/admin/people/{owner}                           -           303    403    403    403    403    403    200    200
GET:/admin/people/{beyond}                          -           303    403    403    403    403    403    404    404
GET:/admin/teams                                    -           303    403    403    403    403    403    200    200
GET:/admin/teams/{team}                             -           303    403    403    403    403    403    200    200
GET:/admin/teams/{beyond}                           -           303    403    403    403    403    403    404    404
GET:/admin/link/{upload}                            -           303    403    403    403    403    403    404    404
GET:/admin/links/{upload}                           -           303    403    403    403    403    403    404    404
GET:/customers                                      -           303    404    200    200    200    200    200    200
GET:/customers.json?q=werk                          -           303    404    200    200    200    200    200    200
GET:/customers/carers.json?q=a                      -           303    404    200    200    200    200    200    200
GET:/customers/{customer}                           -           303    404    200    200    200    200    200    200
GET:/customers/{beyond}                             -           303    404
GET:/customers/{nothing}                            -           303    404
GET:/customers/new                                  -           303    404    403    403    403    200    200    200
GET:/customers/{customer}/edit                      -           303    404    403    403    403    200    200    200
GET:/customers/{nothing}/edit                       -           303    404    403    403    403    404    404    404
GET:/customers/import                               -           303    404    403    403    403    200    200    200
GET:/products                                       -           303    404    403    403    403    200    200    200
GET:/products.json?q=                               -           303    404    200    200    200    200    200    200
GET:/products/{product}                             -           303    404    403    403    403    200    200    200
GET:/products/{nothing}                             -           303    404    403    403    403    404    404    404
GET:/products/import                                -           303    404    403    403    403    200    200    200
POST:/customers/import                              -           303    404    403    403    403    422    422    422
POST:/products/import                               -           303    404    403    403    403    422    422    422
GET:/admin/reports                                  -           303    403    403    403    200    403    200    200
GET:/admin/trail                                    -           303    403    403    403    403    403    200    200
GET:/report?thing=m-{private}-{private_seq}         private     303    404    404    200    200    404    404    404
GET:/report?thing=m-{public}-{public_seq}           public      303    404    403    200    200    403    403    403
GET:/report?thing=m-1                               -           303    404
GET:/report?thing=x&sent=1                          -           303    200
GET:/c/{private}/m/{private_seq}/hidden             private     303    404
GET:/no-such-page                                   -           404
POST:/receipts                                      -           401    200
POST:/people/photo                                  -           303    422
POST:/demo/as/{owner}                               -           404
HEAD:/files/{upload}                                -           303    404    404    200    404    404    404    404
PUT:/files/{upload}                                 -           303    404    404    422    404    404    404    404
PUT:/files/{token}                                  -           303    404
POST:/c/{private}                                   -           405
GET:/polls/new                                      -           303    200
GET:/polls/new?place={private}                      private     303    404    404    200    200    404    404    404
GET:/polls/{private_poll}                           private     303    404    404    200    200    404    404    404
GET:/polls/{private_poll}/result                    private     303    404    404    200    200    404    404    404
GET:/polls/{private_poll}/codes                     private     303    404
GET:/polls/{private_poll}/result.csv                private     303    404    404    200    200    404    404    404
GET:/polls/{private_poll}/result.xlsx               private     303    404    404    200    200    404    404    404
GET:/polls/{private_poll}/result.ics                private     303    404
GET:/polls/{public_poll}                            public      303    404    403    200    200    403    403    403
GET:/polls/{public_poll}/result                     public      303    404    403    200    200    403    403    403
GET:/polls/{direct_poll}                            direct      303    404    404    200    200    404    404    404
GET:/polls/{direct_poll}/result.csv                 direct      303    404    404    200    200    404    404    404
GET:/polls/{nothing}                                -           303    404
"""
