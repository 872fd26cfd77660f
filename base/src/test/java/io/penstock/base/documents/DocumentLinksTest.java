package io.penstock.base.documents;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The links in the documents, and the references to documents in sources and scripts, of the whole source tree. */
class DocumentLinksTest {
    private static final Path ROOT = SourceTree.ROOT;
    private static final long LARGEST = 1 << 20;

    private static final Pattern FENCE = Pattern.compile("(?ms)^ *```.*?^ *```\\s*?$");
    private static final Pattern INLINE_CODE = Pattern.compile("`[^`\n]*`");
    private static final Pattern LINK = Pattern.compile("\\[[^\\]]*]\\(([^)\\s]+)\\)|(?m:^\\[[^\\]]+]:\\s*(\\S+))");
    private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} +(.+?) *$");
    private static final Pattern ANCHOR = Pattern.compile("<a id=\"([^\"]+)\">");
    private static final Pattern NAMED = Pattern.compile("(?<![\\w/.-])(?:\\.\\./)*(docs/[\\w/-]+\\.md)");

    @Test
    void everyRelativeLinkAndAnchorResolves() throws IOException {
        List<String> broken = new ArrayList<>();
        int links = 0;
        for (Path document : SourceTree.textFiles()) {
            if (document.toString().endsWith(".md")) {
                for (String link : links(Files.readString(document))) {
                    links++;
                    if (!resolves(document, link)) {
                        broken.add(ROOT.relativize(document) + ": " + link);
                    }
                }
            }
        }
        assertEquals(List.of(), broken);
        assertTrue(links > 50, "links: " + links);
    }

    @Test
    void everyDocumentNamedInSourcesAndScriptsIsThere() throws IOException {
        Set<String> missing = new TreeSet<>();
        Set<String> found = new TreeSet<>();
        for (Path file : SourceTree.textFiles()) {
            if (Files.size(file) < LARGEST) {
                Matcher named = NAMED.matcher(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
                while (named.find()) {
                    found.add(named.group(1));
                    if (!Files.exists(ROOT.resolve(named.group(1)))) {
                        missing.add(ROOT.relativize(file) + " names " + named.group(1));
                    }
                }
            }
        }
        assertEquals(Set.of(), missing);
        assertTrue(found.size() > 5, "documents named: " + found);
    }

    @Test
    void linksInCodeAreNone() {
        assertEquals(
                List.of("a.md#b", "c.md", "d.md"),
                links("[x\ny](a.md#b) `[not](this.md)`\n```\n[nor](that.md)\n```\n[`k`](c.md)\n[r]: d.md\n"));
    }

    @Test
    void anchorsAreThoseThatTheWebPageHas() {
        assertEquals(
                Set.of("tls", "acked-is-durable", "sections-and-kinesisapi", "tls-1", "own"),
                anchors(
                        "# TLS\n## *Acked* is, durable\n```\n# no heading\n```\n### [Sections](a.md) and `kinesis.api`\n"
                                + "## TLS\n<a id=\"own\"></a>\n"));
    }

    private static boolean resolves(Path document, String link) throws IOException {
        if (link.matches("(?i)[a-z][a-z0-9+.-]*:.*")) {
            return true;
        }
        int hash = link.indexOf('#');
        String path = hash < 0 ? link : link.substring(0, hash);
        Path to = path.isEmpty() ? document : document.resolveSibling(path).normalize();
        if (!to.startsWith(ROOT) || !Files.exists(to)) {
            return false;
        }
        return hash < 0 || anchors(Files.readString(to)).contains(link.substring(hash + 1));
    }

    private static List<String> links(String document) {
        String prose = INLINE_CODE.matcher(withoutFences(document)).replaceAll("");
        List<String> links = new ArrayList<>();
        Matcher matcher = LINK.matcher(prose);
        while (matcher.find()) {
            links.add(matcher.group(1) == null ? matcher.group(2) : matcher.group(1));
        }
        return links;
    }

    /** As GitHub makes them: in lower case, without punctuation, a hyphen for each space, a number if repeated. */
    private static Set<String> anchors(String document) {
        String prose = withoutFences(document);
        Set<String> anchors = new HashSet<>();
        Matcher headings = HEADING.matcher(prose);
        while (headings.find()) {
            String anchor = headings.group(1)
                    .replaceAll("\\[([^\\]]*)]\\([^)]*\\)", "$1")
                    .toLowerCase(Locale.ROOT)
                    .replaceAll("[^\\p{L}\\p{N} _-]", "")
                    .replace(' ', '-');
            String free = anchor;
            for (int i = 1; !anchors.add(free); i++) {
                free = anchor + "-" + i;
            }
        }
        Matcher own = ANCHOR.matcher(prose);
        while (own.find()) {
            anchors.add(own.group(1));
        }
        return anchors;
    }

    private static String withoutFences(String document) {
        return FENCE.matcher(document).replaceAll("");
    }
}
