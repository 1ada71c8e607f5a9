// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.reliability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jpooling.integrationtests.family.Comparison;
import io.github.dl4jpooling.layers.conf.vertex.GraphTopkPoolVertex;
import io.github.dl4jpooling.ops.AdaptiveAvgPool;
import io.github.dl4jpooling.ops.AdaptiveMaxPool;
import io.github.dl4jpooling.ops.BorderMode;
import io.github.dl4jpooling.ops.ChannelGate;
import io.github.dl4jpooling.ops.FirstSpikePool;
import io.github.dl4jpooling.ops.MaxUnpool;
import io.github.dl4jpooling.ops.NDPooling;
import io.github.dl4jpooling.ops.Neighbourhood;
import io.github.dl4jpooling.ops.NodeScore;
import io.github.dl4jpooling.ops.PoolingOp;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.RegionGrid;
import io.github.dl4jpooling.ops.RoiAlign;
import io.github.dl4jpooling.ops.ScoreGate;
import io.github.dl4jpooling.ops.SoftPool;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Memory that an op must not touch, or that there is not. */
class ArrayMemoryTest {

    private static final int HUGE = Integer.MAX_VALUE;
    private static final PoolingOp SOFT = new SoftPool(PoolingWindow.builder(2, 2).build());

    private final NDPooling pooling = new NDPooling();
    private final INDArray map = Nd4j.rand(DataType.FLOAT, 1, 2, 4, 4);

    /** Ops look at boxes and indices before they call a kernel, which is where closed arrays used to be found out. */
    @Test
    void closedArraysAreNotRead() {
        INDArray boxes = Nd4j.create(new float[][] {{0, 0, 0, 3, 3}});
        boxes.close();
        PoolingOp align = new RoiAlign(RegionGrid.builder(2, 2).build());
        assertThatThrownBy(() -> align.outputShapes(List.of(map, boxes)))
                .isInstanceOf(IllegalStateException.class).hasMessageContainingAll("RoIAlign", "boxes", "closed");
        INDArray index = Nd4j.zeros(DataType.INT64, 1, 2, 4, 4);
        index.close();
        assertThatThrownBy(() -> new MaxUnpool(8, 8).execute(List.of(map, index), List.of(Nd4j.create(1, 2, 8, 8))))
                .isInstanceOf(IllegalStateException.class).hasMessageContainingAll("index", "closed");
    }

    @Test
    void viewsOfClosedArrays() {
        INDArray whole = Nd4j.rand(DataType.FLOAT, 2, 2, 4, 4);
        INDArray view = whole.slice(0).reshape(1, 2, 4, 4);
        whole.close();
        assertThatThrownBy(() -> pooling.pool(SOFT, view))
                .isInstanceOf(IllegalStateException.class).hasMessageContaining("closed");
    }

    /** Native code would read whatever stands there now. */
    @Test
    void arraysOfWorkspacesThatWereLeft() {
        INDArray leaked;
        WorkspaceConfiguration configuration = WorkspaceConfiguration.builder().initialSize(1 << 16).build();
        try (MemoryWorkspace workspace = Nd4j.getWorkspaceManager().getAndActivateWorkspace(configuration, "LEFT")) {
            leaked = map.dup();
            assertThat(pooling.pool(SOFT, leaked).isAttached()).isEqualTo(workspace.isScopeActive());
        }
        assertThatThrownBy(() -> SOFT.outputShapes(List.of(leaked)))
                .isInstanceOf(IllegalStateException.class).hasMessageContainingAll("input", "workspace LEFT");
    }

    /** ND4J makes arrays of any strides, in any buffer. */
    @Test
    void arraysThatReachOutOfTheirBuffer() {
        long[] shape = {1, 2, 4, 4};
        INDArray far = Nd4j.create(map.data(), shape, new long[] {32, 1L << 40, 4, 1}, 0, 'c');
        assertThatThrownBy(() -> pooling.pool(SOFT, far)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("Soft pooling", "input must lie within its buffer", "1099511627");
        INDArray y = Nd4j.create(map.data(), new long[] {1, 2, 2, 2}, new long[] {8, 400, 2, 1}, 0, 'c');
        assertThatThrownBy(() -> SOFT.copy().execute(List.of(map), List.of(y)))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("output must lie within");
    }

    @Test
    void resultsLargerThanMemory() {
        assertThatThrownBy(() -> pooling.pool(new AdaptiveAvgPool(1 << 20, 1 << 20), map))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("Adaptive average pooling", "[1, 2, 1048576, 1048576]", "8796093022208 bytes");
        assertThatThrownBy(() -> pooling.pool(new AdaptiveAvgPool(HUGE, HUGE, HUGE), Nd4j.rand(1, 2, 4, 4, 4)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("[1, 2, 2147483647, 2147483647, 2147483647]", "2^63");
    }

    /** No example, so no result, of whatever size: nothing has to be made for it. */
    @Test
    void emptyResultsOfAnySize() {
        INDArray none = Nd4j.create(DataType.FLOAT, 0, 2, 4, 4);
        assertThat(pooling.pool(new AdaptiveAvgPool(HUGE, 1), none).shape()).containsExactly(0, 2, HUGE, 1);
        INDArray[] outputs = pooling.outputs(new AdaptiveMaxPool(HUGE, 1), none);
        assertThat(pooling.gradients(new AdaptiveMaxPool(HUGE, 1), outputs[0], outputs, none)[0].shape())
                .containsExactly(0, 2, 4, 4);
    }

    /** BLAS says that a parameter is illegal, on the console only, and computes nothing of such matrices. */
    @Test
    void weightsThatRepeatTheirElements() {
        PoolingOp gate = new ChannelGate(2);
        INDArray x = Nd4j.rand(DataType.FLOAT, 3, 4, 5, 5);
        INDArray numbers = Nd4j.rand(DataType.FLOAT, 8);
        for (long[] strides : new long[][] {{0, 1}, {1, 0}, {0, 0}, {1, 1}}) {
            INDArray repeated = Nd4j.create(numbers.data(), new long[] {2, 4}, strides, 0, 'c');
            INDArray[] results = new INDArray[2];
            INDArray[] gradients = new INDArray[2];
            for (int i = 0; i < 2; i++) {
                INDArray[] inputs = {x, i == 0 ? repeated : repeated.dup('c'), numbers.get(NDArrayIndex.interval(0, 2)),
                    Nd4j.ones(DataType.FLOAT, 4, 2), numbers.get(NDArrayIndex.interval(4, 8))};
                results[i] = pooling.pool(gate, inputs);
                gradients[i] = pooling.gradients(gate, x, inputs)[0];
            }
            Comparison.assertSameBits("output", results[0], results[1]);
            Comparison.assertSameBits("gradient", gradients[0], gradients[1]);
        }
    }

    /** Kernels look after this themselves; ops made of those of ND4J did not. */
    @Test
    void outputsThatShareMemory() {
        PoolingOp gate = new ChannelGate(1);
        List<INDArray> inputs = List.of(map, Nd4j.ones(DataType.FLOAT, 2, 2), Nd4j.ones(DataType.FLOAT, 2),
                Nd4j.ones(DataType.FLOAT, 2, 2), Nd4j.ones(DataType.FLOAT, 2));
        INDArray narrow = Nd4j.create(Nd4j.zeros(DataType.FLOAT, 32).data(), map.shape(), new long[] {32, 0, 4, 1}, 0,
                'c');
        assertThatThrownBy(() -> gate.execute(inputs, List.of(narrow)))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContainingAll("output", "axis 1", "stride 0");
        assertThatThrownBy(() -> gate.execute(inputs, List.of(map)))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("must not share memory");
        INDArray memory = Nd4j.rand(DataType.FLOAT, 2, 2, 4, 4);
        List<INDArray> first = new ArrayList<>(inputs);
        first.set(0, memory.get(NDArrayIndex.interval(0, 1)));
        gate.execute(first, List.of(memory.get(NDArrayIndex.interval(1, 2))));
    }

    /** Kernels for spikes copy what a window reaches: one of 2^30 elements took 20 GB. */
    @Test
    void windowsOverSpikesLargerThanMemory() {
        PoolingWindow window = PoolingWindow.builder(1 << 30).borderMode(BorderMode.SAME).build();
        assertThatThrownBy(() -> new FirstSpikePool(window)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("First-spike pooling", "1048576 elements at most", "1073741824");
    }

    /** Of an empty batch, whose nodes cannot be counted by a division. */
    @Test
    void masksOfEmptyBatches() {
        GraphTopkPoolVertex vertex = new GraphTopkPoolVertex(
                Neighbourhood.GRID_4, NodeScore.PROJECTION, ScoreGate.TANH, 0.5, false);
        assertThat(vertex.pooledMask(Nd4j.create(DataType.FLOAT, 0, 1, 4, 4)).shape()).containsExactly(0, 8);
    }
}
