package io.penstock.engine.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The engine's model beside the published one as it was when {@code stream-engine/model/compare --update} ran last;
 * {@code stream-engine/model/compare} says whether a newer one is published.
 */
class PublishedModelTest {
    @Test
    void theEngineHasEveryOperationAndMemberOfThePublishedModelAndNoOther() throws IOException {
        List<String> own = new ArrayList<>();
        for (KinesisModel operation : KinesisModel.values()) {
            if (operation.input().members().isEmpty()) {
                own.add(operation.wireName() + " - - nothing");
            }
            add(operation.wireName(), "", operation.input(), own);
        }
        assertEquals(String.join("\n", published()), own.stream().sorted().collect(Collectors.joining("\n")));
        assertEquals(45, KinesisModel.values().length);
    }

    private static List<String> published() throws IOException {
        try (InputStream stored = PublishedModelTest.class.getResourceAsStream("published-model.txt")) {
            return new String(stored.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .toList();
        }
    }

    private static void add(String operation, String prefix, Shape.Structure structure, List<String> lines) {
        for (Shape.Member member : structure.members()) {
            String at = prefix + member.name();
            lines.add(operation + " " + at + " " + (member.required() ? "required" : "optional") + " "
                    + type(member.shape()));
            Shape inner = member.shape() instanceof Shape.ListOf list ? list.member() : member.shape();
            if (inner instanceof Shape.Structure nested) {
                add(operation, at + ".", nested, lines);
            }
        }
    }

    private static String type(Shape shape) {
        if (shape instanceof Shape.Choice choice) {
            return choice.values().stream().sorted().collect(Collectors.joining("|", "[", "]"));
        } else if (shape instanceof Shape.Whole) {
            return "number";
        } else if (shape instanceof Shape.Flag) {
            return "truth";
        } else if (shape instanceof Shape.Time) {
            return "time";
        } else if (shape instanceof Shape.Blob) {
            return "bytes";
        } else if (shape instanceof Shape.MapOf) {
            return "map";
        } else if (shape instanceof Shape.ListOf list) {
            return "list of " + type(list.member());
        }
        return shape instanceof Shape.Structure ? "structure" : "text";
    }
}
