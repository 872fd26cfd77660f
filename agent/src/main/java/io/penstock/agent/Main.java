package io.penstock.agent;

/** Entry point. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        System.out.println("penstock");
    }
}
