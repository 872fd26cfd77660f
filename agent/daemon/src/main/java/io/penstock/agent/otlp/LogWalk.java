package io.penstock.agent.otlp;

import io.penstock.agent.http.answer.Refused;
import io.penstock.base.bytes.GrowingBytes;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import java.nio.charset.StandardCharsets;

/**
 * Goes through the log records of a body, a bit at a time. What all records of a scope share, which is their resource
 * and their scope, is written once: {@link #shared}.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
final class LogWalk {
    /** The service of a resource that names none (OpenTelemetry's semantic conventions, service). */
    static final String UNKNOWN_SERVICE = "unknown_service";

    private static final byte[] SERVICE_NAME = "service.name".getBytes(StandardCharsets.UTF_8);

    // Levels of messages.
    private static final int LOGS = 1;
    private static final int INSIDE = 2;

    private final byte[] body;
    private final Transcoder transcoder;
    private final Visitor visitor;
    private final FieldReader requests;
    private final FieldReader resources;
    private final FieldReader scopes;
    private final GrowingBytes shared;
    private int resourceEnd;
    private boolean resourceFits;
    private boolean inResource;
    private boolean inScope;
    private boolean waits;
    private int resource;
    private int scope;
    private int record;

    /** Is told what there is, in order. */
    interface Visitor {
        /** Records of {@code service} follow. */
        void service(String service) throws Refused;

        /**
         * A record that fills the body from one index to another.
         *
         * @return false when it cannot be taken now: it is given again
         */
        boolean record(int from, int to, LogWalk walk) throws Refused;
    }

    /** How far it went. */
    enum Progress {
        MORE,
        WAITS,
        DONE
    }

    /** @param mostShared bytes that {@link #shared} may have; it has overflowed when that is not enough */
    LogWalk(byte[] body, int from, int to, Encoding encoding, Transcoder transcoder, int mostShared, Visitor visitor)
            throws Damaged {
        this.body = body;
        this.transcoder = transcoder;
        this.visitor = visitor;
        this.requests = encoding.reader();
        this.resources = encoding.reader();
        this.scopes = encoding.reader();
        this.shared = new GrowingBytes(512, mostShared);
        requests.begin(Message.REQUEST, body, from, to);
    }

    /** The members of a record that come from its resource and its scope, each with a comma behind it. */
    GrowingBytes shared() {
        return shared;
    }

    /** Where the present record is, in words. */
    String place() {
        return "logRecords[" + record + "] of scopeLogs[" + scope + "] of resourceLogs[" + resource + "]";
    }

    /**
     * Visits what follows in the next {@code budget} bytes, and at least one thing.
     *
     * @throws Damaged when what holds the records is broken
     * @throws Refused when the visitor does
     */
    Progress advance(int budget) throws Damaged, Refused {
        long work = 0;
        do {
            if (inScope) {
                if (!waits && !scopes.next()) {
                    inScope = false;
                } else if (scopes.field() == Message.SCOPE_LOGS_RECORDS) {
                    work += scopes.to() - scopes.from() + shared.length();
                    waits = !visitor.record(scopes.from(), scopes.to(), this);
                    if (waits) {
                        return Progress.WAITS;
                    }
                    record++;
                }
            } else if (inResource) {
                if (!resources.next()) {
                    inResource = false;
                    resource++;
                } else if (resources.field() == Message.LOGS_SCOPE_LOGS) {
                    enterScope(resources.from(), resources.to());
                    work += shared.length();
                }
            } else if (requests.next()) {
                enterResource(requests.from(), requests.to());
                work += shared.length();
            } else {
                return Progress.DONE;
            }
            work++;
        } while (work < budget);
        return Progress.MORE;
    }

    private void enterResource(int from, int to) throws Damaged, Refused {
        Transcoder.Level logs = transcoder.read(Message.RESOURCE_LOGS, from, to, LOGS);
        String service = "";
        shared.clear();
        if (logs.has(Message.LOGS_RESOURCE)) {
            int first = logs.from(Message.LOGS_RESOURCE);
            int past = logs.to(Message.LOGS_RESOURCE);
            Transcoder.Level inside = transcoder.read(Message.RESOURCE, first, past, INSIDE);
            if (inside.has(Message.RESOURCE_ATTRIBUTES)) {
                service = transcoder.attribute(inside, Message.RESOURCE_ATTRIBUTES, SERVICE_NAME);
            }
        }
        group("\"resource\":", Message.RESOURCE, logs, Message.LOGS_RESOURCE, Message.LOGS_SCHEMA_URL);
        resourceEnd = shared.length();
        resourceFits = !shared.overflowed();
        resources.begin(Message.RESOURCE_LOGS, body, from, to);
        inResource = true;
        scope = -1;
        visitor.service(service.isEmpty() ? UNKNOWN_SERVICE : service);
    }

    private void enterScope(int from, int to) throws Damaged {
        Transcoder.Level logs = transcoder.read(Message.SCOPE_LOGS, from, to, LOGS);
        if (resourceFits) {
            shared.cutBack(resourceEnd);
        } else {
            shared.truncate(resourceEnd);
        }
        group("\"scope\":", Message.SCOPE, logs, Message.SCOPE_LOGS_SCOPE, Message.SCOPE_LOGS_SCHEMA_URL);
        scopes.begin(Message.SCOPE_LOGS, body, from, to);
        inScope = true;
        scope++;
        record = 0;
    }

    /** Writes a resource or scope with its schema's address, unless both are empty. */
    private void group(String head, Message type, Transcoder.Level logs, Field message, Field schema) throws Damaged {
        int start = shared.length();
        shared.ascii(head);
        shared.put('{');
        int empty = shared.length();
        if (logs.has(message)) {
            transcoder.read(type, logs.from(message), logs.to(message), INSIDE).members(shared);
        }
        if (logs.has(schema)) {
            logs.member(schema, shared);
        }
        if (shared.length() == empty) {
            shared.truncate(start);
        } else {
            Transcoder.close('}', shared);
            shared.put(',');
        }
    }
}
