package io.penstock.tools.demo.worker;

import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;

/** Runs a program, and ends with the process that started it: when that is killed, nothing of it stays behind. */
public final class Child {
    private Child() {}

    /** @param arguments the class of the program, then its own arguments */
    public static void main(String[] arguments) throws ReflectiveOperationException {
        ProcessHandle.current()
                .parent()
                .ifPresent(parent ->
                        parent.onExit().thenRun(() -> Runtime.getRuntime().halt(1)));
        try {
            Class.forName(arguments[0]).getMethod("main", String[].class).invoke(null, (Object)
                    Arrays.copyOfRange(arguments, 1, arguments.length));
        } catch (InvocationTargetException failed) {
            throw new IllegalStateException(failed.getCause());
        }
    }
}
