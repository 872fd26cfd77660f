package io.penstock.agent.http;

import io.penstock.base.net.WebAccess;
import io.penstock.base.settings.As;
import io.penstock.base.settings.Doc;
import io.penstock.base.settings.Key;
import io.penstock.base.settings.Range;
import java.time.Duration;
import java.util.List;

/** {@code http.cors:} */
public record CorsSettings(
        @Key(example = "https://app.example.com")
        @As(WebAccess.Origin.class)
        @Doc("origins of web pages that may [post with fetch](http.md#post-from-a-web-page) and read the answers")
        List<String> origins,

        @Key(usual = "1h") @Range(least = "0s", most = "24h") @Doc("how long a browser may remember that it may")
        Duration maxAge) {
    public static final CorsSettings NONE = new CorsSettings(List.of(), Duration.ofHours(1));

    public CorsSettings {
        origins = List.copyOf(origins);
    }
}
