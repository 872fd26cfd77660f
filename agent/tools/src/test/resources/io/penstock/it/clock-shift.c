/*
 * Preloaded into a process, shifts the time of day that it sees by the seconds in the first eight bytes of the file
 * CLOCK_SHIFT, at once when they change: as if somebody had set the machine's clock. The monotonic clock and whatever waits
 * by it go on untouched, as they do then. Needs no header files, so that any C compiler will do.
 */
struct time {
    long seconds, fraction;
};

extern long syscall(long, ...);
extern int open(const char *, int, ...);
extern void *mmap(void *, unsigned long, int, int, int, long);
extern char *getenv(const char *);

#ifdef __aarch64__
enum { CLOCK_GETTIME = 113 };
#else
enum { CLOCK_GETTIME = 228 };
#endif
enum { READ_ONLY = 0, READABLE = 1, SHARED = 1, TIME_OF_DAY = 0 };

static volatile long *shift;

int clock_gettime(int clock, struct time *now) {
    int answer = syscall(CLOCK_GETTIME, clock, now);
    if (clock == TIME_OF_DAY) {
        if (!shift) {
            shift = mmap(0, sizeof *shift, READABLE, SHARED, open(getenv("CLOCK_SHIFT"), READ_ONLY), 0);
        }
        now->seconds += *shift;
    }
    return answer;
}

int gettimeofday(struct time *now, void *zone) {
    int answer = clock_gettime(TIME_OF_DAY, now);
    now->fraction /= 1000;
    return answer;
}

long time(long *also) {
    struct time now;
    clock_gettime(TIME_OF_DAY, &now);
    if (also) {
        *also = now.seconds;
    }
    return now.seconds;
}
