/* The cheapest server there can be: it answers the handshake and sends the same ready-made frame to every connection
 * for each message it reads. Usage: reference PORT FRAME-FILE one|batch. One send per message, or one per turn. */
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
#include <unistd.h>

#define MOST 16384
#define TOGETHER 64

static int open_fds[MOST], count, upgraded[1 << 16];
static char frames[TOGETHER * 65536];
static size_t frame_size;

static void broadcast(int messages) {
    for (int i = 0; i < count; i++) {
        const char *data = frames;
        size_t left = frame_size * (size_t)messages;
        while (left > 0) { /* the readers keep up; if one does not, wait for it */
            ssize_t sent = send(open_fds[i], data, left, MSG_NOSIGNAL);
            if (sent > 0) { data += sent; left -= (size_t)sent; }
            else if (errno != EAGAIN) break;
        }
    }
}

/* How many `do` messages are in these bytes; clients send whole frames, masked with zeros. */
static int count_messages(const char *data, ssize_t size) {
    int found = 0;
    for (ssize_t at = 0; at + 8 <= size;) {
        size_t length = (unsigned char)data[at + 1] & 0x7f, head = 6;
        if (length == 126) {
            length = ((size_t)(unsigned char)data[at + 2] << 8) | (unsigned char)data[at + 3];
            head = 8;
        }
        found += !strncmp(data + at + head, "{\"t\":\"do\"", 9);
        at += (ssize_t)(head + length);
    }
    return found;
}

int main(int argc, char **argv) {
    if (argc != 4) return 2;
    FILE *file = fopen(argv[2], "rb");
    if (!file) return 2;
    frame_size = fread(frames, 1, 65536, file);
    for (int i = 1; i < TOGETHER; i++) memcpy(frames + (size_t)i * frame_size, frames, frame_size);
    int batching = !strcmp(argv[3], "batch"), yes = 1;
    int listener = socket(AF_INET, SOCK_STREAM, 0), poll = epoll_create1(0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)atoi(argv[1]))};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 4096)) return 1;
    struct epoll_event event = {.events = EPOLLIN, .data.fd = listener}, events[512];
    epoll_ctl(poll, EPOLL_CTL_ADD, listener, &event);
    static char buffer[1 << 18];
    const char *hello = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";
    for (;;) {
        int ready = epoll_wait(poll, events, 512, -1), waiting = 0;
        for (int i = 0; i < ready; i++) {
            int fd = events[i].data.fd;
            if (fd == listener) {
                fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
                if (fd < 0 || count == MOST) continue;
                setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
                upgraded[fd] = 0;
                open_fds[count++] = fd;
                event.data.fd = fd;
                epoll_ctl(poll, EPOLL_CTL_ADD, fd, &event);
                continue;
            }
            ssize_t size = read(fd, buffer, sizeof buffer - 1);
            if (size <= 0) {
                if (size < 0 && errno == EAGAIN) continue;
                for (int k = 0; k < count; k++)
                    if (open_fds[k] == fd) { open_fds[k] = open_fds[--count]; break; }
                close(fd);
            } else if (!upgraded[fd]) {
                upgraded[fd] = 1;
                if (write(fd, hello, strlen(hello)) < 0) return 1;
                const char *heads = "\x81\x0d{\"t\":\"heads\"}"; /* as the product says after `hello` */
                if (write(fd, heads, 15) < 0) return 1;
            } else {
                waiting += count_messages(buffer, size);
                while (!batching && waiting > 0) { broadcast(1); waiting--; }
            }
        }
        for (; waiting > 0; waiting -= TOGETHER) broadcast(waiting < TOGETHER ? waiting : TOGETHER);
    }
}
