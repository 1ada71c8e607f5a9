// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.reliability;

import java.util.stream.LongStream;

/** Shapes made from shapes. */
final class LongShapes {

    private LongShapes() {}

    static long[] withFirst(long size, long... shape) {
        return LongStream.concat(LongStream.of(size), LongStream.of(shape)).toArray();
    }

    static long[] withLast(long[] shape, long size) {
        return LongStream.concat(LongStream.of(shape), LongStream.of(size)).toArray();
    }
}
