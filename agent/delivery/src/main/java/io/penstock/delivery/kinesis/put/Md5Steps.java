package io.penstock.delivery.kinesis.put;

/**
 * The steps of MD5 (RFC 1321, section 3.4) over the lanes of {@link Md5Lanes}: the letters {@code f} to {@code i} are
 * the rounds, the number is the rotation in bits. Each is a separate method with a constant shift and plain array
 * indexes, because the compiler does not vectorise anything more complex.
 */
final class Md5Steps {
    private Md5Steps() {}

    static void add(int[] to, int[] from, int n) {
        for (int i = 0; i < n; i++) {
            to[i] += from[i];
        }
    }

    static void f7(int[] a, int[] b, int[] c, int[] d, int[] x, int k, int n) {
        for (int i = 0; i < n; i++) {
            a[i] = b[i] + Integer.rotateLeft(a[i] + x[i] + k + (d[i] ^ (b[i] & (c[i] ^ d[i]))), 7);
        }
    }

    static void f12(int[] a, int[] b, int[] c, int[] d, int[] x, int k, int n) {
        for (int i = 0; i < n; i++) {
            a[i] = b[i] + Integer.rotateLeft(a[i] + x[i] + k + (d[i] ^ (b[i] & (c[i] ^ d[i]))), 12);
        }
    }

    static void f17(int[] a, int[] b, int[] c, int[] d, int[] x, int k, int n) {
        for (int i = 0; i < n; i++) {
            a[i] = b[i] + Integer.rotateLeft(a[i] + x[i] + k + (d[i] ^ (b[i] & (c[i] ^ d[i]))), 17);
        }
    }

    static void f22(int[] a, int[] b, int[] c, int[] d, int[] x, int k, int n) {
        for (int i = 0; i < n; i++) {
            a[i] = b[i] + Integer.rotateLeft(a[i] + x[i] + k + (d[i] ^ (b[i] & (c[i] ^ d[i]))), 22);
        }
    }

    static void g5(int[] a, int[] b, int[] c, int[] d, int[] x, int k, int n) {
        for (int i = 0; i < n; i++) {
            a[i] = b[i] + Integer.rotateLeft(a[i] + x[i] + k + (c[i] ^ (d[i] & (b[i] ^ c[i]))), 5);
        }
    }

    static void g9(int[] a, int[] b, int[] c, int[] d, int[] x, int k, int n) {
        for (int i = 0; i < n; i++) {
            a[i] = b[i] + Integer.rotateLeft(a[i] + x[i] + k + (c[i] ^ (d[i] & (b[i] ^ c[i]))), 9);
        }
    }

    static void g14(int[] a, int[] b, int[] c, int[] d, int[] x, int k, int n) {
        for (int i = 0; i < n; i++) {
            a[i] = b[i] + Integer.rotateLeft(a[i] + x[i] + k + (c[i] ^ (d[i] & (b[i] ^ c[i]))), 14);
        }
    }

    static void g20(int[] a, int[] b, int[] c, int[] d, int[] x, int k, int n) {
        for (int i = 0; i < n; i++) {
            a[i] = b[i] + Integer.rotateLeft(a[i] + x[i] + k + (c[i] ^ (d[i] & (b[i] ^ c[i]))), 20);
        }
    }

    static void h4(int[] a, int[] b, int[] c, int[] d, int[] x, int k, int n) {
        for (int i = 0; i < n; i++) {
            a[i] = b[i] + Integer.rotateLeft(a[i] + x[i] + k + (b[i] ^ c[i] ^ d[i]), 4);
        }
    }

    static void h11(int[] a, int[] b, int[] c, int[] d, int[] x, int k, int n) {
        for (int i = 0; i < n; i++) {
            a[i] = b[i] + Integer.rotateLeft(a[i] + x[i] + k + (b[i] ^ c[i] ^ d[i]), 11);
        }
    }

    static void h16(int[] a, int[] b, int[] c, int[] d, int[] x, int k, int n) {
        for (int i = 0; i < n; i++) {
            a[i] = b[i] + Integer.rotateLeft(a[i] + x[i] + k + (b[i] ^ c[i] ^ d[i]), 16);
        }
    }

    static void h23(int[] a, int[] b, int[] c, int[] d, int[] x, int k, int n) {
        for (int i = 0; i < n; i++) {
            a[i] = b[i] + Integer.rotateLeft(a[i] + x[i] + k + (b[i] ^ c[i] ^ d[i]), 23);
        }
    }

    static void i6(int[] a, int[] b, int[] c, int[] d, int[] x, int k, int n) {
        for (int i = 0; i < n; i++) {
            a[i] = b[i] + Integer.rotateLeft(a[i] + x[i] + k + (c[i] ^ (b[i] | ~d[i])), 6);
        }
    }

    static void i10(int[] a, int[] b, int[] c, int[] d, int[] x, int k, int n) {
        for (int i = 0; i < n; i++) {
            a[i] = b[i] + Integer.rotateLeft(a[i] + x[i] + k + (c[i] ^ (b[i] | ~d[i])), 10);
        }
    }

    static void i15(int[] a, int[] b, int[] c, int[] d, int[] x, int k, int n) {
        for (int i = 0; i < n; i++) {
            a[i] = b[i] + Integer.rotateLeft(a[i] + x[i] + k + (c[i] ^ (b[i] | ~d[i])), 15);
        }
    }

    static void i21(int[] a, int[] b, int[] c, int[] d, int[] x, int k, int n) {
        for (int i = 0; i < n; i++) {
            a[i] = b[i] + Integer.rotateLeft(a[i] + x[i] + k + (c[i] ^ (b[i] | ~d[i])), 21);
        }
    }
}
