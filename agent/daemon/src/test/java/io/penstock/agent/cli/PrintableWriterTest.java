package io.penstock.agent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

/** What a client or server called itself never moves the cursor of the terminal that shows it. */
class PrintableWriterTest {
    private final StringWriter shown = new StringWriter();
    private final PrintWriter out = new PrintWriter(new PrintableWriter(shown), true);

    @Test
    void controlCharactersBecomeQuestionMarksInEachWayToWrite() {
        out.print("a\u001b[2Jb\u001b]0;title\u0007c\u009b1md\rover\u202ee\u2028f");
        out.write('\u0008');
        out.printf("%s", "\u007f");
        out.flush();
        assertEquals("a?[2Jb?]0;title?c?1md?over?e?f??", shown.toString());
    }

    @Test
    void linesTabulatorsColoursAndOtherLanguagesPass() {
        out.print("one\r\ntwo\n\tGrüße ☂ \u001b[1;31mred\u001b[0m 日本");
        out.flush();
        assertEquals("one\r\ntwo\n\tGrüße ☂ \u001b[1;31mred\u001b[0m 日本", shown.toString());
    }
}
