package io.penstock.agent.http.post;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import io.penstock.agent.http.body.BodyFormat;
import io.penstock.agent.route.Destination;
import io.penstock.agent.route.KeyFields;

/**
 * Records are posted to a stream.
 *
 * @param names the stream as it was posted to, and the user
 */
record StreamTask(
        KeyFields names, LoopState loop, Destination destination, PostParameters parameters, BodyFormat format)
        implements Task {
    @Override
    public String what() {
        return "stream '" + names.stream() + "'";
    }

    @Override
    public Records records(byte[] body, int length) {
        return new StreamRecords(loop, names, destination, parameters, format, body, length);
    }

    @Override
    public HttpResponse stored(int records, int dropped) {
        return HttpResponse.of(
                HttpStatus.OK,
                MediaType.JSON,
                "{\"stream\":\"" + destination.stream().stream() + "\",\"records\":" + records
                        + (dropped == 0 ? "" : ",\"dropped\":" + dropped) + "}\n");
    }
}
