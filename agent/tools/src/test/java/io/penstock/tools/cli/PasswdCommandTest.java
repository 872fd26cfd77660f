package io.penstock.tools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.agent.cli.PenstockCommand;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** {@code penstock passwd} as it is typed. */
@Isolated("takes the process's standard streams")
class PasswdCommandTest {
    @TempDir
    private Path folder;

    private record Result(int status, String out, String err) {}

    @Test
    void users_are_made_changed_listed_and_deleted() throws IOException {
        String file = folder.resolve("passwords").toString();
        assertEquals(new Result(0, "", ""), penstock("one\n", "passwd", file, "ann"));
        String first = Files.readString(Path.of(file));
        assertTrue(first.matches("ann:\\$7\\$100000\\$[^$]+\\$[^$]+\n"), first);
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(Path.of(file))));
        assertEquals(0, penstock("two\n", "passwd", file, "bob").status());
        assertEquals(0, penstock("three\n", "passwd", file, "ann").status());
        assertFalse(Files.readString(Path.of(file)).contains(first.strip()));
        assertEquals(new Result(0, "ann\nbob\n", ""), penstock("", "passwd", file, "--list"));
        assertEquals(0, penstock("", "passwd", file, "ann", "--delete").status());
        assertEquals(new Result(0, "bob\n", ""), penstock("", "passwd", file, "--list"));
    }

    @Test
    void a_file_that_a_service_may_read_stays_so() throws IOException {
        Path file = Files.writeString(folder.resolve("passwords"), "# users\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        penstock("secret\n", "passwd", file.toString(), "ann");
        assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    @Test
    void what_cannot_be_done_is_told() throws IOException {
        String file = folder.resolve("passwords").toString();
        assertEquals(
                new Result(2, "", "penstock: name a USER, or --list them (penstock passwd --help)\n"),
                penstock("", "passwd", file));
        assertEquals(new Result(1, "", "penstock: there is no " + file + "\n"), penstock("", "passwd", file, "--list"));
        assertEquals(new Result(2, "", "penstock: the password is empty\n"), penstock("\n", "passwd", file, "ann"));
        assertEquals(
                new Result(2, "", "penstock: a user name must not be empty nor hold ':' or control characters\n"),
                penstock("x\n", "passwd", file, "a:b"));
        assertEquals(0, penstock("x\n", "passwd", file, "ann").status());
        assertEquals(
                new Result(1, "", "penstock: there is no user bob in " + file + "\n"),
                penstock("", "passwd", file, "bob", "--delete"));
        Files.writeString(Path.of(file), "ann:plain\n");
        assertEquals(
                new Result(
                        1,
                        "",
                        "penstock: password file " + file
                                + ", line 1: the hash is neither $7$ nor $6$; make it with 'penstock passwd'\n"),
                penstock("", "passwd", file, "--list"));
    }

    @Test
    void tokensArePrintedOnceMadeAnewListedAndDeleted() throws IOException {
        String file = folder.resolve("tokens").toString();
        Result made = penstock("", "passwd", "--token", file, "web", "--streams", "clicks,errors");
        assertEquals(0, made.status(), made.err());
        assertTrue(made.out().matches("penstock_[A-Za-z0-9_-]{43}\n"), made.out());
        String text = Files.readString(Path.of(file));
        assertTrue(text.matches("web:sha256\\$[A-Za-z0-9+/=]{44}:clicks,errors\n"), text);
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(Path.of(file))));
        Result all = penstock("", "passwd", "--token", file, "all");
        assertEquals(0, all.status(), all.err());
        Result anew = penstock("", "passwd", "--token", file, "web");
        assertFalse(made.out().equals(anew.out()));
        assertEquals(new Result(0, "web clicks,errors\nall\n", ""), penstock("", "passwd", "--token", file, "--list"));
        assertEquals(new Result(0, "", ""), penstock("", "passwd", "--token", file, "web", "--delete"));
        assertEquals(new Result(0, "all\n", ""), penstock("", "passwd", "--token", file, "--list"));
    }

    @Test
    void whatCannotBeDoneWithTokensIsTold() throws IOException {
        String file = folder.resolve("tokens").toString();
        assertEquals(
                new Result(1, "", "penstock: there is no " + file + "\n"),
                penstock("", "passwd", "--token", file, "--list"));
        assertEquals(
                new Result(2, "", "penstock: 'a b' is no stream name\n"),
                penstock("", "passwd", "--token", file, "web", "--streams", "a b"));
        assertEquals(2, penstock("", "passwd", "--token", file, "a:b").status());
        assertEquals(2, penstock("x\n", "passwd", file, "joe", "--streams", "a").status());
        assertFalse(Files.exists(Path.of(file)));
        assertEquals(0, penstock("", "passwd", "--token", file, "web").status());
        assertEquals(
                new Result(1, "", "penstock: there is no token other in " + file + "\n"),
                penstock("", "passwd", "--token", file, "other", "--delete"));
        Files.writeString(Path.of(file), "web:plain\n");
        Result wrong = penstock("", "passwd", "--token", file, "--list");
        assertEquals(1, wrong.status());
        assertTrue(wrong.err().contains(file + ", line 1: it is neither name:sha256$hash nor"), wrong.err());
    }

    private static Result penstock(String input, String... args) {
        InputStream stdin = System.in;
        PrintStream stdout = System.out;
        PrintStream stderr = System.err;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        try {
            System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
            System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
            System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
            int status = PenstockCommand.execute(args);
            return new Result(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
        } finally {
            System.setIn(stdin);
            System.setOut(stdout);
            System.setErr(stderr);
        }
    }
}
