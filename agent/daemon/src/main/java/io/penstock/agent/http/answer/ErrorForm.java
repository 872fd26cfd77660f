package io.penstock.agent.http.answer;

import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import org.jspecify.annotations.Nullable;

/**
 * How a path answers a request that is refused. The services of paths with a form of their own have this type, also
 * behind their decorators: so a request that a decorator or the server itself refuses gets the same form. Any thread.
 */
public interface ErrorForm {
    /** The answer to a request with these headers. */
    default AggregatedHttpResponse form(RequestHeaders request, Problem problem) {
        return problem.toAggregated();
    }

    /** The answer in the form of the request's path. */
    static HttpResponse answer(ServiceRequestContext ctx, Problem problem) {
        return form(ctx.config().service(), ctx.request().headers(), problem).toHttpResponse();
    }

    /** The answer in the form of {@code service}, which may be decorated. */
    static AggregatedHttpResponse form(HttpService service, @Nullable RequestHeaders request, Problem problem) {
        @Nullable ErrorForm own = service.as(ErrorForm.class);
        return own == null || request == null ? problem.toAggregated() : own.form(request, problem);
    }
}
