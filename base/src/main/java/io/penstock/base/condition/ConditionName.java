package io.penstock.base.condition;

import java.util.Locale;

/**
 * Every kind of condition. The id of each is part of the outside face: the page, {@code status}, {@code /readyz}, the
 * log and the metric {@code penstock_condition} use it, and docs/failures.md has a section under it.
 */
public enum ConditionName {
    // The whole agent
    STARTING(Severity.CANNOT_TAKE_INPUT, "wait: spools are opened and recovered"),
    STOPPING(Severity.CANNOT_TAKE_INPUT, "wait: what is not delivered in time waits on disk for the next start"),
    DISK_FULL(Severity.CANNOT_TAKE_INPUT, "free disk space, or lower spool.reserve"),
    DISK_FAILED(Severity.CANNOT_TAKE_INPUT, "mend the disk, then start again: what was acknowledged is on disk"),
    DISK_LOW(Severity.DEGRADED, "free disk space before events are refused"),
    DESCRIPTORS(Severity.DEGRADED, "raise the limit of open files (ulimit -n 65536, or LimitNOFILE=65536)"),
    MEMORY(Severity.DEGRADED, "give the process a larger heap (-Xmx in PENSTOCK_JAVA_OPTS)"),

    RELOAD_REFUSED(
            Severity.DEGRADED,
            "correct the configuration (penstock check), then reload it: the former one is in effect"),
    RESTART_NEEDED(Severity.NOTICE, "restart the agent when it suits"),

    // The way to a target or a broker
    HOST_UNKNOWN(Severity.CANNOT_DELIVER, "correct the host name, or look at this machine's name service (DNS)"),
    CONNECTION_REFUSED(
            Severity.CANNOT_DELIVER, "look whether a server runs at that address and port, and at firewalls"),
    UNREACHABLE(Severity.CANNOT_DELIVER, "look at this machine's name service, route, firewall and proxy"),
    TLS_UNTRUSTED(Severity.CANNOT_DELIVER, "name the authority that signed the certificate as tls.ca"),
    TLS_WRONG_NAME(Severity.CANNOT_DELIVER, "call the server by a name that its certificate has"),
    TLS_NOT_VALID_NOW(
            Severity.CANNOT_DELIVER, "look at this machine's clock, or have the server's certificate renewed"),
    TLS_FAILED(Severity.CANNOT_DELIVER, "compare the scheme, port and tls: of the configuration with the server's"),
    PROXY_OR_LOGIN_PAGE(
            Severity.CANNOT_DELIVER,
            "look at what stands between: a proxy, a firewall, or the login page of a network"),
    PROXY_LOGIN(Severity.CANNOT_DELIVER, "correct proxy.user and proxy.password"),
    NO_ANSWER(Severity.CANNOT_DELIVER, "look whether the server or a proxy hangs, and at the link's speed"),
    CONNECTION_LOST(Severity.CANNOT_DELIVER, "if it lasts, look at the server, and at proxies and firewalls between"),
    CLOCK_SKEW(Severity.DEGRADED, "set this machine's clock"),

    // What the target answers
    ACCESS_DENIED(
            Severity.CANNOT_DELIVER,
            "allow kinesis:PutRecords, kinesis:ListShards and kinesis:DescribeStreamSummary on the stream"),
    CREDENTIALS(Severity.CANNOT_DELIVER, "put valid credentials where the sentence says; they are read again at once"),
    KMS(Severity.CANNOT_DELIVER, "look at the state of the stream's KMS key, and whether the credentials may use it"),
    STREAM_MISSING(Severity.CANNOT_DELIVER, "create the stream, or mend its name in the routes"),
    REQUEST_TOO_LARGE(Severity.CANNOT_DELIVER, "raise the proxy's limit on bodies: it must let 16 MiB pass"),
    SERVICE_ERROR(Severity.CANNOT_DELIVER, "if it lasts, look at the service's health"),
    PARKED(Severity.CANNOT_DELIVER, "correct what the target refuses"),
    DEAD_LETTERS(Severity.DEGRADED, "read the reasons in the dead-letter file, remove the cause, replay the letters"),
    TARGET_REMOVED(Severity.CANNOT_DELIVER, "put the target back under targets:, or remove the spool"),
    DEFECT(Severity.DEGRADED, "report the stack trace in the log"),

    // What slows a stream down, or what it lost
    THROTTLED(Severity.DEGRADED, "give the stream more shards, or aggregate small records"),
    RATE_HELD(Severity.DEGRADED, "raise max-rate, or give the stream a higher priority"),
    HOT_KEY(Severity.DEGRADED, "use a partition key that spreads better"),
    KEYS_IGNORED(Severity.NOTICE, "if order per key is needed, use a stream without this strategy"),
    SPOOL_FULL(Severity.DEGRADED, "look at why the target takes so little, or raise spool.max-bytes"),
    SPOOL_UNUSABLE(Severity.DEGRADED, "mend what the sentence says: permissions, disk or open files"),
    EVENTS_LOST(Severity.DEGRADED, "raise spool.max-bytes, or set spool.when-full: block"),
    DAMAGE(Severity.DEGRADED, "check the disk: it gave back something else than was written"),

    // Clients, sessions and bridges
    BAD_CLIENT(Severity.NOTICE, "correct the client"),
    CLIENT_FLOODING(Severity.NOTICE, "slow the client down, or raise the limit that it reached"),
    LOGIN_FAILED(Severity.NOTICE, "correct the client's user and password, or the password file"),
    SESSION_STORM(Severity.DEGRADED, "give each client a client id of its own"),
    SESSIONS_LOST(Severity.DEGRADED, "check the disk; clients send again what was not acknowledged"),
    BRIDGE_REFUSED(Severity.DEGRADED, "correct the bridge's login or topics, or permit them at the broker"),
    BRIDGE_HELD(Severity.DEGRADED, "look at the conditions of its streams");

    private final Severity severity;
    private final String remedy;

    ConditionName(Severity severity, String remedy) {
        this.severity = severity;
        this.remedy = remedy;
    }

    /** As it stands everywhere: {@code host-unknown}, for example. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public Severity severity() {
        return severity;
    }

    /** What helps if the finder knows nothing better. */
    public String remedy() {
        return remedy;
    }
}
