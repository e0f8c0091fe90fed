/* A small fast HTTP/1.1 server for measuring clients: one thread a connection, blocking calls, nothing allocated a request.
 *
 *   GET /small              a keep-alive response of 13 bytes; its head differs each time
 *   GET /bytes/N            N MiB with Content-Length
 *   GET /chunked/SIZE/N     N MiB in chunks of SIZE bytes (1 to 1048576; a divisor of 1 MiB)
 *   POST, PUT anything      the body is swallowed, length or chunked; answered like /small
 *
 * Prints its port on the first line of standard output. Ends when standard input ends: with the process that started it.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MIB = 1 << 20, BUFFER = 64 * 1024, STACK = 256 * 1024, LONGEST_LINE = 64 };

static char zeros[MIB];
static atomic_uint served;

struct connection {
    int fd;
    size_t start, stop; /* what has been received and not used: buffer[start:stop] */
    char buffer[BUFFER + 1];
};

static int send_all(int fd, const char *data, size_t size) {
    while (size > 0) {
        ssize_t sent = send(fd, data, size, MSG_NOSIGNAL);
        if (sent <= 0) return -1;
        data += sent;
        size -= (size_t)sent;
    }
    return 0;
}

/* Receive more; 0 at the end of the connection or when the buffer is full of one line or head. */
static int receive(struct connection *c) {
    if (c->start == c->stop) c->start = c->stop = 0;
    if (c->stop == BUFFER) {
        memmove(c->buffer, c->buffer + c->start, c->stop - c->start);
        c->stop -= c->start;
        c->start = 0;
    }
    ssize_t got = recv(c->fd, c->buffer + c->stop, BUFFER - c->stop, 0);
    if (got <= 0) return 0;
    c->stop += (size_t)got;
    c->buffer[c->stop] = 0;
    return 1;
}

/* Drop bytes of a body: first what is buffered, then straight in the kernel, uncopied. */
static int swallow(struct connection *c, unsigned long long size) {
    size_t have = c->stop - c->start;
    size_t now = size < have ? (size_t)size : have;
    c->start += now;
    for (size -= now; size > 0;) {
        ssize_t got = recv(c->fd, zeros, size < MIB ? (size_t)size : MIB, MSG_TRUNC);
        if (got <= 0) return 0;
        size -= (unsigned long long)got;
    }
    return 1;
}

/* The end of the line at c->start (index of its CR), or -1. */
static long line_end(struct connection *c) {
    for (;;) {
        char *found = memmem(c->buffer + c->start, c->stop - c->start, "\r\n", 2);
        if (found) return found - c->buffer;
        if (c->stop - c->start > LONGEST_LINE || !receive(c)) return -1;
    }
}

static int swallow_chunked(struct connection *c) {
    for (;;) {
        long end = line_end(c);
        if (end < 0) return 0;
        unsigned long long size = strtoull(c->buffer + c->start, NULL, 16);
        c->start = (size_t)end + 2;
        if (!swallow(c, size + 2)) return 0; /* the chunk, or the empty trailer section, and its CRLF */
        if (size == 0) return 1;
    }
}

static int send_small(int fd) {
    char head[512];
    unsigned number = atomic_fetch_add(&served, 1);
    int size = snprintf(head, sizeof head,
        "HTTP/1.1 200 OK\r\nServer: bench\r\nDate: Thu, 01 Jan 2026 00:%02u:%02u GMT\r\nContent-Type: text/plain\r\n"
        "Content-Length: 13\r\nETag: \"%08x\"\r\nCache-Control: max-age=%u\r\n\r\nhello, world\n",
        number / 60 % 60, number % 60, number, number % 86400);
    return send_all(fd, head, (size_t)size);
}

static int send_bytes(int fd, unsigned long long mib) {
    char head[128];
    int size = snprintf(head, sizeof head, "HTTP/1.1 200 OK\r\nContent-Length: %llu\r\n\r\n", mib * MIB);
    int failed = send_all(fd, head, (size_t)size);
    while (!failed && mib-- > 0) failed = send_all(fd, zeros, MIB);
    return failed;
}

static int send_chunked(int fd, size_t chunk, unsigned long long mib) {
    static const char head[] = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    if (chunk == 0 || chunk > MIB) return -1;
    char line[32];
    size_t line_size = (size_t)snprintf(line, sizeof line, "%zx\r\n", chunk), used = 0;
    char *block = malloc((line_size + chunk + 2) * (MIB / chunk)); /* one MiB of chunks, made once, sent N times */
    if (!block) return -1;
    for (size_t i = 0; i < MIB / chunk; i++) {
        memcpy(block + used, line, line_size);
        memset(block + used + line_size, 'x', chunk);
        memcpy(block + used + line_size + chunk, "\r\n", 2);
        used += line_size + chunk + 2;
    }
    int failed = send_all(fd, head, sizeof head - 1);
    while (!failed && mib-- > 0) failed = send_all(fd, block, used);
    free(block);
    return failed ? failed : send_all(fd, "0\r\n\r\n", 5);
}

static int answer(int fd, const char *target) {
    unsigned long long mib;
    size_t chunk;
    if (sscanf(target, "/bytes/%llu", &mib) == 1) return send_bytes(fd, mib);
    if (sscanf(target, "/chunked/%zu/%llu", &chunk, &mib) == 2) return send_chunked(fd, chunk, mib);
    return send_small(fd);
}

/* One request of the connection; 0 when it was the last. */
static int serve_one(struct connection *c) {
    char *end;
    while (!(end = memmem(c->buffer + c->start, c->stop - c->start, "\r\n\r\n", 4)))
        if (!receive(c)) return 0;
    char *head = c->buffer + c->start, target[128] = "/";
    *end = 0;
    sscanf(head, "%*s %127s", target);
    char *length = strcasestr(head, "\r\ncontent-length:");
    int chunked = strcasestr(head, "\r\ntransfer-encoding: chunked") != NULL;
    int closing = strcasestr(head, "\r\nconnection: close") != NULL;
    unsigned long long size = length ? strtoull(length + 17, NULL, 10) : 0;
    if (strcasestr(head, "\r\nexpect: 100-continue") && send_all(c->fd, "HTTP/1.1 100 Continue\r\n\r\n", 25)) return 0;
    c->start = (size_t)(end - c->buffer) + 4;
    if (chunked ? !swallow_chunked(c) : !swallow(c, size)) return 0;
    return answer(c->fd, target) == 0 && !closing;
}

static void *serve(void *argument) {
    struct connection c = {.fd = (int)(long)argument};
    int on = 1;
    setsockopt(c.fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    while (serve_one(&c)) continue;
    close(c.fd);
    return NULL;
}

static void *wait_for_the_end(void *unused) {
    char byte;
    while (read(0, &byte, 1) > 0) continue;
    exit(0);
    return unused;
}

int main(void) {
    struct sockaddr_in where = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof where;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(listener, (struct sockaddr *)&where, size) || listen(listener, 4096)) return 1;
    getsockname(listener, (struct sockaddr *)&where, &size);
    printf("%d\n", ntohs(where.sin_port));
    fflush(stdout);

    pthread_attr_t attributes;
    pthread_t thread;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, STACK);
    if (pthread_create(&thread, &attributes, wait_for_the_end, NULL)) return 1;
    for (;;) {
        int fd = accept(listener, NULL, NULL);
        if (fd >= 0 && pthread_create(&thread, &attributes, serve, (void *)(long)fd)) close(fd);
    }
}
