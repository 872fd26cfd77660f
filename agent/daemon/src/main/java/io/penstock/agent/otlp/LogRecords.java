package io.penstock.agent.otlp;

import com.linecorp.armeria.common.HttpStatus;
import io.penstock.agent.auth.Identity;
import io.penstock.agent.http.answer.Problem;
import io.penstock.agent.http.answer.Refused;
import io.penstock.agent.http.post.Filled;
import io.penstock.agent.http.post.LoopState;
import io.penstock.agent.http.post.Records;
import io.penstock.agent.ingest.Written;
import io.penstock.agent.metrics.Refusal;
import io.penstock.agent.route.Destination;
import io.penstock.agent.route.KeyFields;
import io.penstock.agent.route.Routed;
import io.penstock.agent.route.Source;
import io.penstock.agent.route.Unroutable;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes records of the log records of one body, in two passes. The first one checks what holds the log records and
 * opens their streams: a body that fails there is refused, and nothing of it is stored. The second one writes the
 * records; a log record that is broken in itself, or that its stream does not take, is rejected alone.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
final class LogRecords implements Records {
    private static final String REMEDY = "send an ExportLogsServiceRequest of OTLP";

    private final LoopState loop;
    private final Identity identity;
    private final byte[] body;
    private final int from;
    private final int to;
    private final Encoding encoding;
    private final int mostShared;
    private final Transcoder transcoder;
    private final LogEvent event;
    private final LogBlocks blocks;
    private final Rejections rejections = new Rejections();
    private LogWalk walk;
    private boolean writes;

    LogRecords(LoopState loop, Identity identity, byte[] body, int from, int to, Encoding encoding, LogLimits limits)
            throws Refused {
        this.loop = loop;
        this.identity = identity;
        this.body = body;
        this.from = from;
        this.to = to;
        this.encoding = encoding;
        this.mostShared = limits.mostShared();
        this.transcoder = new Transcoder(encoding::reader);
        this.event = new LogEvent(loop.intake().clock());
        this.blocks = new LogBlocks(loop, limits.mostRecords());
        transcoder.begin(body);
        this.walk = walk(new Check());
    }

    private LogWalk walk(LogWalk.Visitor visitor) throws Refused {
        try {
            return new LogWalk(body, from, to, encoding, transcoder, mostShared, visitor);
        } catch (Damaged damaged) {
            throw malformed(damaged);
        }
    }

    private Refused malformed(Damaged damaged) {
        return Refused.malformed(
                "the body is no " + (encoding == Encoding.JSON ? "OTLP in JSON" : "OTLP in protobuf") + ": "
                        + damaged.what(),
                REMEDY);
    }

    @Override
    public boolean advance(int budget) throws Refused {
        try {
            if (walk.advance(budget) == LogWalk.Progress.MORE) {
                return false;
            }
        } catch (Damaged damaged) {
            throw malformed(damaged);
        }
        if (writes) {
            return true;
        }
        writes = true;
        transcoder.forget();
        walk = walk(new Write());
        return false;
    }

    /** Where the records of one service go; without a destination, why they go nowhere. */
    private record Lead(@Nullable Destination destination, Refusal reason, String why) {
        static Lead nowhere(Refusal reason, String why) {
            return new Lead(null, reason, why);
        }
    }

    private Lead lead(String service) {
        Routed routed = loop.intake().router().route(Source.OTLP, KeyFields.emittedBy(service, identity.name()));
        if (routed instanceof Unroutable unroutable) {
            return Lead.nowhere(Refusal.INVALID_STREAM, "has no stream: " + unroutable.text());
        }
        Destination destination = (Destination) routed;
        return identity.objectionTo(destination.stream().stream())
                .map(objection -> Lead.nowhere(
                        Refusal.FORBIDDEN, "is not permitted: " + objection.error() + "; " + objection.remedy()))
                .orElseGet(() -> new Lead(destination, Refusal.DEFECT, ""));
    }

    /** The first pass. */
    private final class Check implements LogWalk.Visitor {
        private @Nullable Destination destination;

        @Override
        public void service(String service) {
            destination = lead(service).destination();
        }

        @Override
        public boolean record(int first, int past, LogWalk here) throws Refused {
            if (destination != null) {
                loop.open(destination.stream());
                destination = null;
            }
            return true;
        }
    }

    /** The second pass. */
    private final class Write implements LogWalk.Visitor {
        private Lead lead = Lead.nowhere(Refusal.DEFECT, "belongs to no resource");
        private String service = "";

        @Override
        public void service(String name) {
            service = name;
            lead = lead(name);
        }

        @Override
        public boolean record(int first, int past, LogWalk here) throws Refused {
            Destination destination = lead.destination();
            if (destination == null) {
                rejections.add(lead.reason(), here.place(), lead.why());
                return true;
            }
            if (here.shared().overflowed()) {
                tooLarge(here, destination);
                return true;
            }
            try {
                Written written = blocks.write(
                        event.of(transcoder, first, past, here.shared(), service, identity.name()), destination);
                Damaged damage = event.damage();
                if (written == Written.TOO_LARGE) {
                    tooLarge(here, destination);
                } else if (written == Written.NOT_UTF8 && damage != null) {
                    throw damage;
                }
            } catch (Damaged damaged) {
                rejections.add(Refusal.MALFORMED, here.place(), "is broken: " + damaged.what());
            }
            return true;
        }

        private void tooLarge(LogWalk here, Destination destination) {
            rejections.add(
                    Refusal.TOO_LARGE,
                    here.place(),
                    "is larger than " + blocks.maxRecord(destination)
                            + " bytes with its partition key, which is what the stream takes");
        }
    }

    Rejections rejections() {
        return rejections;
    }

    /** Sequences of bytes that were no UTF-8 and were replaced. */
    long replaced() {
        return transcoder.replaced();
    }

    @Override
    public long blockBytes() {
        return blocks.size() + walk.shared().length();
    }

    @Override
    public List<Filled> filled() throws Refused {
        List<Filled> filled = blocks.filled();
        if (filled.isEmpty() && rejections.total() > 0) {
            Refusal reason = rejections.firstReason();
            HttpStatus status = switch (reason) {
                case TOO_LARGE -> HttpStatus.REQUEST_ENTITY_TOO_LARGE;
                case FORBIDDEN -> HttpStatus.FORBIDDEN;
                default -> HttpStatus.BAD_REQUEST;
            };
            throw new Refused(reason, Problem.of(status, rejections.inWords(), "correct the request"));
        }
        return filled;
    }

    @Override
    public void release() {
        blocks.release();
    }
}
