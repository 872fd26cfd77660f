package io.penstock.agent.http.post;

import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.penstock.agent.http.answer.ErrorForm;
import io.penstock.agent.http.answer.Refused;

/** A path that takes events. Any thread; what {@link #task} makes belongs to the request's event loop. */
public interface Endpoint extends ErrorForm {
    /** Judges the head of a request. */
    Task task(ServiceRequestContext ctx, HttpRequest req, LoopState loop) throws Refused;
}
