package io.penstock.agent.live;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServerBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * The files of the pages, from the jars: plain modules and style sheets as they were written. They are read once, at the
 * start; nothing of the disk is served. The policy lets a page load from this listener only, and run no script and apply
 * no style that stands inside the document. Immutable; any thread.
 */
public final class PageFiles {
    private static final String POLICY = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none';"
            + " form-action 'none'; frame-ancestors 'none'";
    private static final String UPLOT = "/META-INF/resources/webjars/uplot/1.6.30/dist/";
    private static final MediaType SCRIPT = MediaType.parse("text/javascript; charset=utf-8");
    private static final MediaType STYLE = MediaType.parse("text/css; charset=utf-8");
    private static final MediaType ICON = MediaType.parse("image/svg+xml");

    /** Of every page. */
    private static final List<String> SHARED =
            List.of("style.css", "icon.svg", "dom.js", "format.js", "chart.js", "table.js");

    private static final List<String> LIVE = List.of(
            "live.js",
            "feed.js",
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

    /** The live page, without what it shares with others. */
    static PageFiles live() {
        return of("/", read(PageFiles.class, "web/live.html"), PageFiles.class, LIVE);
    }

    /** What all pages of a listener need: serve it once. */
    public static PageFiles shared() {
        Map<String, File> files = new LinkedHashMap<>();
        add(files, PageFiles.class, SHARED);
        files.put("/assets/uplot.js", file(SCRIPT, read(PageFiles.class, UPLOT + "uPlot.esm.js")));
        files.put("/assets/uplot.css", file(STYLE, read(PageFiles.class, UPLOT + "uPlot.min.css")));
        return new PageFiles(files);
    }

    /**
     * A page and the files of its own, which lie in the folder {@code web} beside {@code owner}.
     *
     * @param html the document
     */
    public static PageFiles of(String path, byte[] html, Class<?> owner, List<String> names) {
        Map<String, File> files = new LinkedHashMap<>();
        files.put(path, file(MediaType.HTML_UTF_8, html));
        add(files, owner, names);
        return new PageFiles(files);
    }

    private static void add(Map<String, File> files, Class<?> owner, List<String> names) {
        names.forEach(name -> files.put("/assets/" + name, file(type(name), read(owner, "web/" + name))));
    }

    /** Adds the paths. */
    public void route(ServerBuilder server, UnaryOperator<HttpService> guard) {
        files.forEach((path, file) -> server.route().get(path).build(guard.apply((ctx, req) -> file.get())));
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

    /** A file of the program. */
    public static byte[] read(Class<?> owner, String name) {
        try (InputStream in = owner.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the program is not whole: " + name + " of its pages is missing");
            }
            return in.readAllBytes();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
