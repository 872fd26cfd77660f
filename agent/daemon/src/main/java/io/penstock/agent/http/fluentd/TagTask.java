package io.penstock.agent.http.fluentd;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import io.penstock.agent.http.answer.Problem;
import io.penstock.agent.http.body.BodyFormat;
import io.penstock.agent.http.post.LoopState;
import io.penstock.agent.http.post.Records;
import io.penstock.agent.http.post.Task;
import io.penstock.agent.metrics.Refusal;
import io.penstock.agent.route.Destination;

/**
 * Events are posted under a tag.
 *
 * @param time of all of them, or none
 * @param user that posts them; empty for none
 */
record TagTask(
        String tag,
        String user,
        String peer,
        LoopState loop,
        Destination destination,
        EventSeconds time,
        BodyFormat format)
        implements Task {
    @Override
    public String what() {
        return "tag '" + Problem.excerpt(tag) + "'";
    }

    @Override
    public Records records(byte[] body, int length) {
        return new TagRecords(this, body, length);
    }

    void toDeadLetters(int events, int limit) {
        loop.facts()
                .refused(
                        Refusal.TOO_LARGE,
                        peer,
                        events + " of the events under " + what() + " are larger than the " + limit
                                + " bytes that stream '" + destination.stream().stream()
                                + "' takes: they go to the dead letters");
    }

    /** As Fluentd answers. */
    @Override
    public HttpResponse stored(int records, int dropped) {
        return HttpResponse.of(HttpStatus.OK, MediaType.PLAIN_TEXT_UTF_8, "");
    }
}
