package io.penstock.tools.demo.load;

import io.penstock.tools.demo.table.Kind;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/**
 * The page views of a simulated site, posted by its server as JSON, many in one body. Each has an id of its own, so that
 * one that is posted again can be told.
 */
public final class PageViews extends PacedLoad {
    private static final List<String> REFERRERS = List.of(
            "search.example",
            "news.example",
            "social.example",
            "forum.example",
            "mail.example",
            "video.example",
            "shop.example",
            "blog.example");

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();
    private final Random random = new Random(42);
    private final Visitors visitors = new Visitors(random);
    private final URI records;

    private PageViews(int port, int perSecond) {
        super("views", perSecond);
        this.records = URI.create("http://127.0.0.1:" + port + "/v1/streams/views/records");
    }

    /** Posts from now on. */
    public static PageViews start(int port, int perSecond) {
        PageViews views = new PageViews(port, perSecond);
        views.begin();
        return views;
    }

    @Override
    public Kind kind() {
        return Kind.VIEW;
    }

    @Override
    void send(int first, int count) throws IOException, InterruptedException {
        StringBuilder body = new StringBuilder();
        long now = System.currentTimeMillis();
        for (int number = first; number < first + count; number++) {
            body.append("{\"@id\":\"view-").append(number);
            body.append("\",\"kind\":\"view\",\"n\":").append(number);
            body.append(",\"at\":").append(now);
            body.append(",\"user\":\"").append(visitors.next());
            body.append("\",\"page\":\"/products/").append(random.nextInt(40));
            body.append("\",\"referrer\":\"").append(referrer()).append("\"}\n");
        }
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(records)
                        .timeout(Duration.ofSeconds(10))
                        .header("content-type", "application/x-ndjson")
                        .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException("HTTP " + answer.statusCode() + ": " + answer.body());
        }
    }

    /** The first are the most frequent. */
    private String referrer() {
        return REFERRERS.get((int) Math.floor(REFERRERS.size() * Math.pow(random.nextDouble(), 1.8)));
    }

    @Override
    void release() {
        // The client of the JDK ends with its last use.
    }
}
