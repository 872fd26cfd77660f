package io.penstock.agent.http.answer;

import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.util.function.BooleanSupplier;

/**
 * A service while its switch is on, and another one while it is off; asked anew for each request.
 *
 * @param off answers while it is off
 */
public record Switched(BooleanSupplier isOn, HttpService on, HttpService off) implements HttpService, ErrorForm {
    @Override
    public HttpResponse serve(ServiceRequestContext ctx, HttpRequest req) throws Exception {
        return chosen().serve(ctx, req);
    }

    @Override
    public AggregatedHttpResponse form(RequestHeaders request, Problem problem) {
        return ErrorForm.form(chosen(), request, problem);
    }

    private HttpService chosen() {
        return isOn.getAsBoolean() ? on : off;
    }
}
