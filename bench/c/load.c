/* Many clients in one process. They shake hands, say what they are told to say first, send writes, and count what comes
 * back. Usage: load name=value..., with
 *   port n tokens place run   where, how many, the file with access tokens, the place written into, a name for client ids
 *   hello                     what each says first; in three-language runs "@" stands for de, nl, en by turns; "" = nothing
 *   mode     paced: `amount` messages, `rate` a second, until the last listener has the last
 *            window: `amount` messages, 8 outstanding until the LAST listener has each
 *            acks: `amount` messages, each client sends its next when its last is acknowledged
 *            ackpaced: `amount` messages at `rate` a second, until all are acknowledged
 *            stay: one message, heard by all, then only be there; idle: only be there
 *            return: when the server is gone all come again, after a random part of a second, until they are let in
 *   deflate  1: offer permessage-deflate; frames are then counted, not read
 * A refused handshake (503) comes again after a random part of its Retry-After. Says "ready SECONDS REFUSED" when all are
 * there, waits for a line, does its work, and prints:
 *   seconds deliveries bytes reads p50_ms p99_ms own_cpu_s   (the time from a message to its last listener, or its answer) */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MOST 16384
#define MOST_TOKENS 4096
#define MOST_MESSAGES 262144
#define WINDOW 8
#define KEPT 120 /* most bytes of a text that are looked at */

enum { AWAY, ASKED, OPEN, THERE };
typedef struct {
    int fd, state, got, waits; /* frames heard; which message it waits for an answer to */
    double again;              /* when to come back */
    size_t need, head;         /* bytes of the frame still to come; bytes of its header that are here */
    size_t kept;
    unsigned char begin[10], text[KEPT + 1];
} Conn;

static Conn conns[MOST];
static char tokens[MOST_TOKENS][96], buffer[1 << 18];
static int have[MOST_MESSAGES];
static double sent_at[MOST_MESSAGES], took[MOST_MESSAGES];
static int total, there, port, known, poll_fd, refused, complete, sent, amount, deflate, acks, returning, lost;
static const char *hello = "", *run_name = "", *place = "0";
static long deliveries, bytes_in, reads;
static size_t looked_at = 16;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double cpu(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void fail(const char *what, const char *detail) {
    fprintf(stderr, "%s %.60s\n", what, detail);
    exit(1);
}

/* One masked text frame; the mask is zero, so the reference can read it as it is. */
static void say(Conn *c, const char *text) {
    unsigned char frame[2048] = {0x81};
    size_t size = strlen(text), head = size < 126 ? 6 : 8;
    frame[1] = (unsigned char)(0x80 | (size < 126 ? size : 126));
    if (head == 8) { frame[2] = (unsigned char)(size >> 8); frame[3] = (unsigned char)size; }
    memcpy(frame + head, text, size);
    if (send(c->fd, frame, head + size, MSG_NOSIGNAL) < 0) fail("send:", strerror(errno));
}

static void post(Conn *c) {
    char text[1024];
    c->waits = sent;
    sent_at[sent] = now();
    snprintf(text, sizeof text, "{\"t\":\"do\",\"write\":{\"do\":\"chat.post\",\"id\":\"%s-%d\",\"place\":%s,\"text\":"
        "\"The pump in hall %d runs again; the new seal holds and the pressure has been steady since noon.\"}}",
        run_name, sent, place, 10 + sent % 90);
    sent++;
    say(c, text);
}

/* Come again: after `most` seconds at the latest, spread. */
static void away(Conn *c, double most) {
    close(c->fd);
    if (c->state == THERE) { there--; lost++; }
    c->state = AWAY;
    c->again = now() + most * (0.1 + 0.9 * rand() / RAND_MAX);
}

static void knock(Conn *c, int number) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    char ask[512];
    int yes = 1, size = snprintf(ask, sizeof ask,
        "GET /ws HTTP/1.1\r\nHost: binnen\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: MDEyMzQ1Njc4OTAxMjM0NQ==\r\n%sAuthorization: Bearer %s\r\n\r\n",
        deflate ? "Sec-WebSocket-Extensions: permessage-deflate\r\n" : "", tokens[number % known]);
    c->fd = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    if (connect(c->fd, (struct sockaddr *)&address, sizeof address) || write(c->fd, ask, (size_t)size) < 0) {
        if (!returning) fail("connect:", strerror(errno));
        away(c, 1);
        return;
    }
    fcntl(c->fd, F_SETFL, O_NONBLOCK);
    c->state = ASKED;
    c->need = c->head = c->kept = 0;
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = (unsigned)number};
    epoll_ctl(poll_fd, EPOLL_CTL_ADD, c->fd, &event);
}

static void arrived(Conn *c) {
    c->state = THERE;
    there++;
}

/* Everybody has everything in the same order, so a listener's n-th frame is the n-th message. */
static void delivered(Conn *c) {
    deliveries++;
    if (acks) return;
    int which = c->got++;
    if (++have[which] == total) { took[which] = now() - sent_at[which]; complete++; }
}

static void text_frame(Conn *c) {
    const char *text = (const char *)c->text;
    if (deflate && c->begin[0] & 0x40) { /* compressed: the first is the heads */
        if (c->state == OPEN) arrived(c);
        else delivered(c);
    } else if (!strncmp(text, "{\"t\":\"heads\"", 12)) {
        if (c->state == OPEN) arrived(c);
    } else if (!strncmp(text, "{\"t\":\"frame\"", 12)) {
        delivered(c);
    } else if (acks && !strncmp(text, "{\"t\":\"answer\"", 13)) {
        if (!strstr(text, "\"status\":200")) fail("refused:", text);
        took[complete++] = now() - sent_at[c->waits];
        if (acks == 1 && sent < amount) post(c);
    }
}

static void take(Conn *c, const unsigned char *data, size_t size) {
    bytes_in += (long)size;
    while (size > 0) {
        size_t length = c->head > 1 ? c->begin[1] & 0x7f : 0, head = length == 126 ? 4 : length == 127 ? 10 : 2;
        if (c->head < 2 || c->head < head) {
            c->begin[c->head++] = *data++;
            size--;
            length = c->head > 1 ? c->begin[1] & 0x7f : 0, head = length == 126 ? 4 : length == 127 ? 10 : 2;
            if (c->head < 2 || c->head < head) continue;
            c->need = head == 2 ? length : 0;
            for (size_t i = 2; i < head; i++) c->need = c->need << 8 | c->begin[i];
            c->kept = 0;
            memset(c->text, 0, looked_at + 1);
        } else {
            size_t part = size < c->need ? size : c->need, keep = part < looked_at - c->kept ? part : looked_at - c->kept;
            memcpy(c->text + c->kept, data, keep);
            c->kept += keep;
            data += part;
            size -= part;
            c->need -= part;
        }
        if (c->need > 0) continue;
        if ((c->begin[0] & 0x0f) == 1) text_frame(c);
        if ((c->begin[0] & 0x0f) == 8) fail("closed by the server:", (const char *)c->text + 2);
        c->head = 0;
    }
}

static void shaken(Conn *c, ssize_t size) {
    buffer[size] = 0;
    char *after = strstr(buffer, "Retry-After: "), *end = strstr(buffer, "\r\n\r\n");
    if (!strncmp(buffer, "HTTP/1.1 503", 12) && after) {
        refused++;
        away(c, atof(after + 13));
    } else if (!strncmp(buffer, "HTTP/1.1 101", 12) && end) {
        static const char *languages[] = {"de", "nl", "en"};
        char text[256], *at;
        c->state = OPEN;
        snprintf(text, sizeof text, "%s", hello);
        if ((at = strchr(text, '@')) != NULL) {
            snprintf(text + (at - text), sizeof text - (size_t)(at - text), "%s%s", languages[(c - conns) % 3],
                hello + (at - text) + 1);
        }
        if (*hello) say(c, text);
        else arrived(c);
        take(c, (unsigned char *)end + 4, (size_t)(buffer + size - end - 4));
    } else {
        fail("not let in:", buffer);
    }
}

static void hear(Conn *c) {
    ssize_t size = read(c->fd, buffer, sizeof buffer - 1);
    if (size < 0 && errno == EAGAIN) return;
    if (size <= 0) {
        if (!returning) fail("lost a connection", "");
        away(c, 1);
        return;
    }
    reads++;
    if (c->state == ASKED) shaken(c, size);
    else take(c, (unsigned char *)buffer, (size_t)size);
}

static void turn(int wait_ms) {
    struct epoll_event events[512];
    int ready = epoll_wait(poll_fd, events, 512, wait_ms);
    for (int i = 0; i < ready; i++) hear(&conns[events[i].data.u32]);
}

static int by_size(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void all_in(void) {
    while (there < total) {
        turn(5);
        for (int i = 0; i < total; i++)
            if (conns[i].state == AWAY && conns[i].again <= now()) knock(&conns[i], i);
    }
}

static const char *told(int argc, char **argv, const char *name, const char *otherwise) {
    size_t size = strlen(name);
    for (int i = 1; i < argc; i++)
        if (!strncmp(argv[i], name, size) && argv[i][size] == '=') return argv[i] + size + 1;
    return otherwise;
}

static void work(const char *mode, double rate) {
    double start = now(), before = cpu();
    int paced = !strcmp(mode, "paced") || !strcmp(mode, "ackpaced");
    for (int i = 0; acks == 1 && i < total && sent < amount; i++) post(&conns[i]);
    while (complete < amount) {
        while (acks != 1 && sent < amount && (paced ? now() - start >= sent / rate : sent - complete < WINDOW))
            post(&conns[sent % total]);
        turn(paced ? 1 : 100);
        if (now() - start > 60) {
            fprintf(stderr, "only %d of %d came through\n", complete, amount);
            exit(1);
        }
    }
    double seconds = now() - start;
    double used = cpu() - before;
    qsort(took, (size_t)amount, sizeof *took, by_size);
    printf("%.6f %ld %ld %ld %.3f %.3f %.3f\n", seconds, deliveries, bytes_in, reads, 1000 * took[amount / 2],
        1000 * took[amount * 99 / 100], used);
}

int main(int argc, char **argv) {
    const char *mode = told(argc, argv, "mode", "idle");
    port = atoi(told(argc, argv, "port", "0"));
    total = atoi(told(argc, argv, "n", "0"));
    amount = atoi(told(argc, argv, "amount", "0"));
    deflate = atoi(told(argc, argv, "deflate", "0"));
    hello = told(argc, argv, "hello", "");
    run_name = told(argc, argv, "run", "load-run");
    place = told(argc, argv, "place", "0");
    acks = !strcmp(mode, "acks") ? 1 : !strcmp(mode, "ackpaced") ? 2 : 0;
    if (acks) looked_at = KEPT;
    FILE *file = fopen(told(argc, argv, "tokens", "/dev/null"), "r");
    while (file && known < MOST_TOKENS && fscanf(file, "%95s", tokens[known]) == 1) known++;
    if (!known || total < 1 || total > MOST || amount > MOST_MESSAGES) return 2;
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    poll_fd = epoll_create1(0);
    double start = now();
    for (int i = 0; i < total; i++) {
        knock(&conns[i], i);
        if (i % 64 == 63) turn(0);
    }
    all_in();
    printf("ready %.3f %d\n", now() - start, refused);
    fflush(stdout);
    if (!fgets(buffer, sizeof buffer, stdin) || !strcmp(mode, "idle")) return 0;
    deliveries = bytes_in = reads = 0;
    if (!strcmp(mode, "return")) {
        returning = 1;
        while (lost < total) {
            turn(5);
            for (int i = 0; i < total; i++)
                if (conns[i].state == AWAY && conns[i].again <= now()) knock(&conns[i], i);
            if (lost >= total) break;
        }
        all_in();
        printf("%.6f %d\n", now(), refused);
        return 0;
    }
    work(mode, atof(told(argc, argv, "rate", "100")));
    if (!strcmp(mode, "stay")) {
        fflush(stdout);
        if (!fgets(buffer, sizeof buffer, stdin)) return 0;
    }
    return 0;
}
