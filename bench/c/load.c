/* Many listeners in one process: connects, says hello, sends writes and counts the frames that come back.
 * Usage: load PORT CONNECTIONS TOKENS-FILE PLACE RUN MODE AMOUNT
 *   MODE paced: AMOUNT messages at 100 a second; window: AMOUNT messages, 8 outstanding until the last has them;
 *   idle: only be there. A refused handshake (503) comes again after a random part of its Retry-After.
 * Says "ready ..." on stdout when everybody has heard the heads, waits for a line, does its work, prints figures. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MOST 4096
#define RING 65536
#define PACE 100.0
#define WINDOW 8

enum { AWAY, ASKED, OPEN, THERE };
typedef struct {
    int fd, state, got;
    double again;      /* when to come back */
    size_t need, head; /* bytes of the current frame still to come; bytes of its beginning that are kept */
    unsigned char begin[32];
} Conn;

static Conn conns[MOST];
static char tokens[MOST][96], buffer[1 << 18];
static int total, there, port, known, poll_fd, refused, complete, have[RING];
static long deliveries, bytes_in, reads;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void say(Conn *c, const char *text) {
    unsigned char frame[2048] = {0x81};
    size_t size = strlen(text), head = size < 126 ? 6 : 8;
    frame[1] = (unsigned char)(0x80 | (size < 126 ? size : 126));
    if (head == 8) { frame[2] = (unsigned char)(size >> 8); frame[3] = (unsigned char)size; }
    memcpy(frame + head, text, size);
    if (send(c->fd, frame, head + size, MSG_NOSIGNAL) < 0) { perror("send"); exit(1); }
}

static void knock(Conn *c, int number) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    char ask[512];
    int size = snprintf(ask, sizeof ask,
        "GET /ws HTTP/1.1\r\nHost: binnen\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: MDEyMzQ1Njc4OTAxMjM0NQ==\r\nAuthorization: Bearer %s\r\n\r\n", tokens[number % known]);
    c->fd = socket(AF_INET, SOCK_STREAM, 0);
    int yes = 1;
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    if (connect(c->fd, (struct sockaddr *)&address, sizeof address) || write(c->fd, ask, (size_t)size) < 0) {
        perror("connect");
        exit(1);
    }
    fcntl(c->fd, F_SETFL, O_NONBLOCK);
    c->state = ASKED;
    c->need = c->head = 0;
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = (unsigned)number};
    epoll_ctl(poll_fd, EPOLL_CTL_ADD, c->fd, &event);
}

static void text_frame(Conn *c, const char *text) {
    if (!strncmp(text, "{\"t\":\"heads\"", 10) && c->state == OPEN) {
        c->state = THERE;
        there++;
    } else if (!strncmp(text, "{\"t\":\"frame\"", 10)) {
        deliveries++;
        if (++have[c->got++ % RING] == total) { have[complete % RING] = 0; complete++; }
    } else if (strstr(text, "\"status\":4")) {
        fprintf(stderr, "refused: %.30s\n", text);
        exit(1);
    }
}

/* Only the beginning of a frame is kept: enough to know its kind. */
static void take(Conn *c, const char *data, size_t size) {
    bytes_in += (long)size;
    while (size > 0) {
        if (c->need == 0 || c->head < 2) {
            c->begin[c->head++] = (unsigned char)*data++;
            size--;
            size_t short_size = c->head > 1 ? c->begin[1] & 0x7f : 0, head = short_size == 126 ? 4 : short_size == 127 ? 10 : 2;
            if (c->head < 2 || c->head < head) continue;
            c->need = short_size;
            if (head > 2)
                for (size_t i = c->need = 0; i < head - 2; i++) c->need = c->need << 8 | c->begin[2 + i];
            c->begin[30] = c->begin[0]; /* opcode */
            c->head = 2 + 16;           /* from here on: where the payload's beginning goes */
            memset(c->begin, 0, 18);
            c->begin[31] = 0;
            if (c->need == 0) c->head = 0;
            continue;
        }
        size_t part = size < c->need ? size : c->need;
        size_t filled = c->begin[31], keep = part < 16 - filled ? part : 16 - filled;
        memcpy(c->begin + 2 + filled, data, keep);
        c->begin[31] = (unsigned char)(filled + keep);
        data += part;
        size -= part;
        c->need -= part;
        if (c->need == 0) {
            if ((c->begin[30] & 0x0f) == 1) text_frame(c, (char *)c->begin + 2);
            if ((c->begin[30] & 0x0f) == 8) { fprintf(stderr, "closed by the server\n"); exit(1); }
            c->head = 0;
        }
    }
}

static void hear(Conn *c) {
    ssize_t size = read(c->fd, buffer, sizeof buffer - 1);
    if (size < 0 && errno == EAGAIN) return;
    if (size <= 0) {
        if (c->state == AWAY) return;
        fprintf(stderr, "lost a connection\n");
        exit(1);
    }
    reads++;
    if (c->state != ASKED) { take(c, buffer, (size_t)size); return; }
    buffer[size] = 0;
    char *after = strstr(buffer, "Retry-After: "), *end = strstr(buffer, "\r\n\r\n");
    if (!strncmp(buffer, "HTTP/1.1 503", 12) && after) {
        refused++;
        close(c->fd);
        c->state = AWAY;
        c->again = now() + atof(after + 13) * (0.5 + 0.5 * rand() / RAND_MAX);
    } else if (!strncmp(buffer, "HTTP/1.1 101", 12) && end) {
        c->state = OPEN;
        say(c, "{\"t\":\"hello\",\"dialect\":\"json\"}");
        take(c, end + 4, (size_t)(buffer + size - end - 4));
    } else {
        fprintf(stderr, "not let in: %.60s\n", buffer);
        exit(1);
    }
}

static void turn(int wait_ms) {
    struct epoll_event events[512];
    int ready = epoll_wait(poll_fd, events, 512, wait_ms);
    for (int i = 0; i < ready; i++) hear(&conns[events[i].data.u32]);
}

int main(int argc, char **argv) {
    if (argc != 8) return 2;
    port = atoi(argv[1]);
    total = atoi(argv[2]);
    int amount = atoi(argv[7]), sent = 0, idle = !strcmp(argv[6], "idle"), paced = !strcmp(argv[6], "paced");
    FILE *file = fopen(argv[3], "r");
    while (file && known < MOST && fscanf(file, "%95s", tokens[known]) == 1) known++;
    if (!known || total > MOST) return 2;
    poll_fd = epoll_create1(0);
    double start = now();
    for (int i = 0; i < total; i++) {
        knock(&conns[i], i);
        if (i % 64 == 63) turn(0);
    }
    while (there < total) {
        turn(5);
        for (int i = 0; i < total; i++)
            if (conns[i].state == AWAY && conns[i].again <= now()) knock(&conns[i], i);
    }
    printf("ready %.3f %d\n", now() - start, refused);
    fflush(stdout);
    if (!fgets(buffer, sizeof buffer, stdin) || idle) return 0;
    deliveries = bytes_in = reads = 0;
    start = now();
    char text[1024];
    while (complete < amount) {
        while (sent < amount && (paced ? now() - start >= sent / PACE : sent - complete < WINDOW)) {
            snprintf(text, sizeof text, "{\"t\":\"do\",\"write\":{\"do\":\"chat.post\",\"id\":\"%s-%d\",\"place\":%s,\"text\":"
                "\"The pump in hall %d runs again; the new seal holds and the pressure has been steady since noon.\"}}",
                argv[5], sent, argv[4], 10 + sent % 90);
            say(&conns[sent++ % total], text);
        }
        turn(paced ? 1 : 100);
        if (now() - start > 60) { fprintf(stderr, "only %d of %d arrived everywhere\n", complete, amount); return 1; }
    }
    printf("%.6f %ld %ld %ld\n", now() - start, deliveries, bytes_in, reads);
    return 0;
}
