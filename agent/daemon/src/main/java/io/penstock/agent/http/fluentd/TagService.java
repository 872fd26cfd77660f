package io.penstock.agent.http.fluentd;

import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.penstock.agent.auth.Identity;
import io.penstock.agent.http.answer.Problem;
import io.penstock.agent.http.answer.Refused;
import io.penstock.agent.http.body.BodyFormat;
import io.penstock.agent.http.post.Endpoint;
import io.penstock.agent.http.post.LoopState;
import io.penstock.agent.http.post.Task;
import io.penstock.agent.route.KeyFields;
import io.penstock.agent.route.Source;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** {@code POST /{tag}} as Fluentd's HTTP input takes it: {@code /a/b} is the tag {@code a.b}. Stateless. */
public final class TagService implements Endpoint {
    /** Paths below it are not tags. */
    private static final String VERSION = "/v1";

    private static final String TAKEN =
            "application/json, application/x-ndjson, application/msgpack or" + " application/x-www-form-urlencoded";

    private final String paths;

    /** @param paths the other paths that there are, for the remedy of a 404 */
    public TagService(String paths) {
        this.paths = paths;
    }

    @Override
    public Task task(ServiceRequestContext ctx, HttpRequest req, LoopState loop) throws Refused {
        String tag = tag(ctx);
        String user = Identity.of(ctx).name();
        return new TagTask(
                tag,
                user,
                String.valueOf(ctx.remoteAddress()),
                loop,
                loop.route(Source.FORWARD, KeyFields.tagged(tag, user)),
                time(ctx),
                format(req.headers().getAll(HttpHeaderNames.CONTENT_TYPE)));
    }

    /** As written: Fluentd does not decode it either. A slash at the end says nothing. */
    private String tag(ServiceRequestContext ctx) throws Refused {
        String path = ctx.routingContext().requestTarget().maybePathWithMatrixVariables();
        if (path.equals(VERSION) || path.startsWith(VERSION + "/")) {
            throw Refused.unsupported(
                    HttpStatus.NOT_FOUND,
                    "nothing is at POST " + Problem.excerpt(path) + ", and what begins with /v1/ is no tag",
                    "there is " + paths);
        }
        int end = path.length();
        while (end > 0 && path.charAt(end - 1) == '/') {
            end--;
        }
        if (end == 0) {
            throw Refused.malformed(
                    "the path names no tag", "post to /TAG, such as /app.log; Fluent Bit calls that uri");
        }
        return path.substring(1, end).replace('/', '.');
    }

    private static EventSeconds time(ServiceRequestContext ctx) {
        if (ctx.query() == null) {
            return EventSeconds.NONE;
        }
        List<String> given = new QueryStringDecoder(ctx.query(), StandardCharsets.UTF_8, false)
                .parameters()
                .getOrDefault("time", List.of());
        return given.isEmpty() ? EventSeconds.NONE : EventSeconds.parse(given.get(given.size() - 1));
    }

    private static BodyFormat format(List<String> declared) throws Refused {
        BodyFormat format = BodyFormat.of(declared);
        if (format instanceof BodyFormat.Text || format instanceof BodyFormat.Bytes) {
            throw Refused.unsupported(
                    HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                    "an event under a tag has fields, which Content-Type " + Problem.excerpt(declared.get(0))
                            + " has not",
                    "declare " + TAKEN + ", or post to /v1/streams/{stream}/records");
        }
        return format;
    }

    /** Fluentd answers 400 to what it cannot read, whatever the reason. */
    @Override
    public AggregatedHttpResponse form(RequestHeaders request, Problem problem) {
        return problem.status().equals(HttpStatus.UNSUPPORTED_MEDIA_TYPE)
                ? Problem.of(HttpStatus.BAD_REQUEST, problem.error(), problem.remedy())
                        .toAggregated()
                : problem.toAggregated();
    }
}
