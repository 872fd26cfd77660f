package io.penstock.agent.live;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.ServerBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The files of the pages, from the jars: plain modules and style sheets as they were written. They are read once, at the
 * start; nothing of the disk is served. The policy lets a page load from this listener only, and run no script and apply
 * no style that stands inside the document. Immutable; any thread.
 */
final class PageFiles {
    private static final String POLICY = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none';"
            + " form-action 'none'; frame-ancestors 'none'";
    private static final String UPLOT = "/META-INF/resources/webjars/uplot/1.6.30/dist/";
    private static final MediaType SCRIPT = MediaType.parse("text/javascript; charset=utf-8");
    private static final MediaType STYLE = MediaType.parse("text/css; charset=utf-8");
    private static final MediaType ICON = MediaType.parse("image/svg+xml");

    private static final List<String> OWN = List.of(
            "style.css",
            "icon.svg",
            "live.js",
            "feed.js",
            "dom.js",
            "format.js",
            "chart.js",
            "table.js",
            "overview.js",
            "sources.js",
            "streams.js",
            "clients.js",
            "shards.js",
            "activity.js",
            "machine.js");

    private final Map<String, File> files;

    private record File(ResponseHeaders headers, byte[] content) {
        HttpResponse get() {
            return HttpResponse.of(headers, HttpData.wrap(content));
        }
    }

    private PageFiles(Map<String, File> files) {
        this.files = Map.copyOf(files);
    }

    static PageFiles load() {
        Map<String, File> files = new LinkedHashMap<>();
        files.put("/", file(MediaType.HTML_UTF_8, read("live.html")));
        OWN.forEach(name -> files.put("/assets/" + name, file(type(name), read(name))));
        files.put("/assets/uplot.js", file(SCRIPT, read(UPLOT + "uPlot.esm.js")));
        files.put("/assets/uplot.css", file(STYLE, read(UPLOT + "uPlot.min.css")));
        return new PageFiles(files);
    }

    void route(ServerBuilder server) {
        files.forEach((path, file) -> server.route().get(path).build((ctx, req) -> file.get()));
    }

    private static File file(MediaType type, byte[] content) {
        return new File(
                ResponseHeaders.builder(HttpStatus.OK)
                        .contentType(type)
                        .add(HttpHeaderNames.CACHE_CONTROL, "no-cache")
                        .add(HttpHeaderNames.CONTENT_SECURITY_POLICY, POLICY)
                        .add(HttpHeaderNames.X_CONTENT_TYPE_OPTIONS, "nosniff")
                        .add(HttpHeaderNames.REFERRER_POLICY, "no-referrer")
                        .build(),
                content);
    }

    private static MediaType type(String name) {
        return name.endsWith(".js") ? SCRIPT : name.endsWith(".css") ? STYLE : ICON;
    }

    private static byte[] read(String name) {
        try (InputStream in = PageFiles.class.getResourceAsStream(name.startsWith("/") ? name : "web/" + name)) {
            if (in == null) {
                throw new IllegalStateException("the program is not whole: " + name + " of the live page is missing");
            }
            return in.readAllBytes();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
