// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import io.github.dl4jpooling.kernel.Kernels;
import java.lang.ref.SoftReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Sparse pooling of site lists: {@link SparsePool} for maps that are given by their active sites alone, in time and
 * memory proportional to the number of sites, however large the map is.
 *
 * <pre>
 * a row of the result for each window that holds a site, in row-major order (example, then axis by axis)
 * MAX: y = max over the sites of the window,   AVG: y = their mean
 * </pre>
 *
 * <p>For point clouds and event streams on fine grids, of which hardly any place is active. There is no map anywhere in
 * it, only a list of pairs (window, site), made by sorting: {@link SiteRuleBook}. Where a tenth of the places or more
 * are active, {@link SparsePool} on the map is faster. Not for layers of DL4J, whose arrays have a row for each
 * example.
 *
 * <p>Inputs: "input" {@code [S,C]}, the features, types float, double, half, bfloat16; "sites" {@code [S,1+d]}, INT64:
 * number of the example, then the place along each of the d axes (1 to 3) of a map of the given size, in any order of
 * rows, none twice. Outputs: "output" {@code [R,C]}; "active" {@code [R,1+d]}, INT64, the windows in the same form,
 * which are the sites of the next pooling; for MAX also "index" {@code [R,C]}, INT64, the row of the chosen site. R
 * depends on where the sites lie, so that shapes are known when the op runs, not before.
 *
 * <p>MAX: the first maximum of the window's sites, row by row, gets the whole gradient; AVG: each gets 1 / n of its n.
 * Both equal those of {@link SparsePool}. A NaN gives NaN in the windows that hold it. A site in no window, as strides
 * larger than windows leave some, has gradient 0. Errors: a site outside the map, or given twice. Pairs are sorted on
 * the CPU by one thread; a GPU computes features and gradients.
 *
 * <p>B. Graham, M. Engelcke, L. van der Maaten: "3D semantic segmentation with submanifold sparse convolutional
 * networks", CVPR 2018.
 */
public final class SparseSitePool extends WindowedOp {

    private static final String INDEX = "index";

    /** Of each thread the last one: forward pass and gradient, and the shapes before either, ask for the same. */
    private static final ThreadLocal<SoftReference<SiteRuleBook>> LAST = new ThreadLocal<>();

    /** For SameDiff, which fills in the arguments. */
    public SparseSitePool() {}

    /**
     * Takes the maximum.
     *
     * @param window the window, whose order of axes does not matter
     * @param mapSize size of the map along each axis, of which as many as the window has
     */
    public SparseSitePool(PoolingWindow window, int... mapSize) {
        this(window, SparsePool.Type.MAX, mapSize);
    }

    /**
     * Chooses what is taken.
     *
     * @param window the window, whose order of axes does not matter
     * @param type maximum or mean
     * @param mapSize size of the map along each axis, of which as many as the window has
     */
    public SparseSitePool(PoolingWindow window, SparsePool.Type type, int... mapSize) {
        super(withoutOrder(window), numbers(type, mapSize));
        checkOptions();
    }

    /** Lists have no order of axes. */
    private static PoolingWindow withoutOrder(PoolingWindow window) {
        Objects.requireNonNull(window, "window");
        return PoolingWindow.builder(window.kernel())
                .stride(window.stride())
                .padding(window.padding())
                .dilation(window.dilation())
                .borderMode(window.borderMode())
                .build();
    }

    private static long[] numbers(SparsePool.Type type, int... mapSize) {
        Objects.requireNonNull(type, "type");
        return LongStream.concat(LongStream.of(type.ordinal()),
                Arrays.stream(Objects.requireNonNull(mapSize, "mapSize")).asLongStream()).toArray();
    }

    /** @return what is taken of the sites of a window */
    public SparsePool.Type type() {
        return option(0, SparsePool.Type.class);
    }

    /** @return size of the map along each axis */
    public long[] mapSize() {
        long[] size = new long[window().dimensions()];
        Arrays.setAll(size, axis -> option(1 + axis, "mapSize", 1, Integer.MAX_VALUE));
        return size;
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.SPARSE_SITE_POOL;
    }

    @Override
    protected void checkOptions() {
        super.checkOptions();
        type();
        int sizes = iArgs().length - PoolingWindow.argumentCount(iArgs()) - 1;
        if (sizes != window().dimensions()) {
            throw error("mapSize must have " + window().dimensions() + " numbers, as many as the window, got " + sizes);
        }
        if (window().channelsLast()) {
            throw error("channelsLast must be false: lists have no order of axes");
        }
        geometry();
    }

    private WindowGeometry geometry() {
        return geometry(window(), LongStream.concat(LongStream.of(1, 1), Arrays.stream(mapSize())).toArray());
    }

    /**
     * Where the windows lie.
     *
     * @param inputShape shape of the features
     * @return the geometry of a map of one example and channel
     */
    @Override
    public WindowGeometry geometry(long... inputShape) {
        if (inputShape.length != 2) {
            throw error("the input must have rank 2 [S,C], got shape " + Arrays.toString(inputShape));
        }
        return geometry();
    }

    /**
     * Which sites lie in which windows.
     *
     * @param sites as this op takes them. Not modified.
     * @return pairs of windows and sites
     * @throws IllegalArgumentException if rank, size or type do not fit, a site lies outside the map or is there twice
     */
    public SiteRuleBook ruleBook(INDArray sites) {
        WindowGeometry geometry = geometry();
        checkType(SparsePool.SITES, Objects.requireNonNull(sites, "sites"), Collections.singletonList(DataType.INT64));
        int columns = window().dimensions() + 1;
        if (sites.rank() != 2 || sites.size(1) != columns || sites.size(0) > Integer.MAX_VALUE / columns) {
            throw error("shape of the sites must be [S," + columns + "], got " + Arrays.toString(sites.shape()));
        }
        long[] coordinates = sites.isEmpty() ? new long[0] : sites.dup('c').data().asLong();
        SoftReference<SiteRuleBook> reference = LAST.get();
        SiteRuleBook last = reference == null ? null : reference.get();
        if (last == null || !last.isOf(geometry, coordinates)) {
            try {
                SiteRuleBook.check(geometry, coordinates);
                last = new SiteRuleBook(geometry, coordinates);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(operator().title() + ": " + e.getMessage(), e);
            }
            LAST.set(new SoftReference<>(last));
        }
        return last;
    }

    @Override
    public List<String> inputNames() {
        return List.of("input", SparsePool.SITES);
    }

    @Override
    public int differentiableInputs() {
        return 1;
    }

    @Override
    public List<String> outputNames() {
        return type() == SparsePool.Type.MAX
                ? List.of("output", SparsePool.ACTIVE, INDEX)
                : List.of("output", SparsePool.ACTIVE);
    }

    @Override
    protected DataType typeOf(String name, DataType type) {
        return name.equals("input") || name.equals("output") ? type : DataType.INT64;
    }

    @Override
    protected long[][] shapes(List<INDArray> inputs) {
        INDArray input = inputs.get(0);
        INDArray sites = inputs.get(1);
        geometry(input.shape());
        int rows = ruleBook(sites).rows();
        if (input.size(0) != sites.size(0)) {
            throw error("input and sites must have as many rows, got " + input.size(0) + " and " + sites.size(0));
        }
        long[] shape = {rows, input.size(1)};
        List<long[]> shapes = new ArrayList<>(List.of(shape, new long[] {rows, sites.size(1)}));
        if (type() == SparsePool.Type.MAX) {
            shapes.add(shape);
        }
        return shapes.toArray(new long[0][]);
    }

    @Override
    protected void forward(List<INDArray> inputs, List<INDArray> outputs) {
        SiteRuleBook rules = ruleBook(inputs.get(1));
        if (rules.rows() > 0) {
            outputs.get(1).assign(array(rules.windows()).reshape(outputs.get(1).shape()));
        }
        INDArray index = outputs.size() > 2 ? outputs.get(2) : null;
        long[] parameters = parameters(rules.rows(), inputs.get(0), outputs.get(0), index);
        Kernels.launch("sparse_site_pool_forward", parameters, 2, inputs.get(0), array(rules.firstMember()),
                array(rules.members()), outputs.get(0), index);
    }

    @Override
    protected void backward(
            List<INDArray> inputs, List<INDArray> saved, INDArray outputGradient, List<INDArray> inputGradients) {
        SiteRuleBook rules = ruleBook(inputs.get(1));
        INDArray index = saved.size() > 1 ? saved.get(1) : null;
        INDArray result = inputGradients.get(0);
        long[] parameters = parameters(result.size(0), outputGradient, index, result);
        Kernels.launch("sparse_site_pool_backward", parameters, 1, outputGradient, index, array(rules.firstMember()),
                array(rules.firstResult()), array(rules.results()), result);
    }

    private static INDArray array(long... numbers) {
        return numbers.length == 0 ? Nd4j.create(DataType.INT64, 0) : Nd4j.createFromArray(numbers);
    }

    /** Rows, channels, whether to take means, and the strides of matrices. */
    private long[] parameters(long rows, INDArray... matrices) {
        long[] parameters = new long[3 + 2 * matrices.length];
        parameters[0] = rows;
        parameters[1] = matrices[0].size(1);
        parameters[2] = type().ordinal();
        for (int i = 0; i < matrices.length; i++) {
            if (matrices[i] != null) {
                parameters[3 + 2 * i] = ArrayMemory.stride(matrices[i], 0);
                parameters[4 + 2 * i] = ArrayMemory.stride(matrices[i], 1);
            }
        }
        return parameters;
    }

    @Override
    public Map<String, long[]> parameterShapes(long... inputShape) {
        throw error("sites depend on the example and cannot be a parameter");
    }

    @Override
    public boolean isWeight(String name) {
        return false;
    }
}
