namespace Dlt.Iceberg;

/// <summary>Matches the rows that a filter matches.</summary>
/// <param name="filter">The filter, bound to the columns of the table.</param>
/// <param name="schema">Schema of the table.</param>
internal sealed class FilterCondition(Filter filter, Schema schema) : RowCondition
{
    public override IEnumerable<NestedField> Fields => FieldsOf(filter).Distinct();

    /// <summary>Creates a condition from a filter that names columns.</summary>
    /// <exception cref="ArgumentException">The filter names a column that does not exist.</exception>
    public static FilterCondition Of(Filter filter, Schema schema) => new(FilterBinder.Bind(filter, schema), schema);

    public override bool MayMatch(TableMetadata metadata, DataFile file) =>
        new MetricsFilter(schema, file).MayMatch(filter)
            && (metadata.SpecOf(file.SpecId) is not { } spec || new PartitionFilter(filter, spec, schema).MayMatch(file.Partition));

    public override IEnumerable<NestedField> Compared => BloomFilterCheck.FieldsOf(filter);

    public override bool MayMatch(RowGroupFacts group) =>
        new MetricsFilter(schema, group.Metrics).MayMatch(filter) && BloomFilterCheck.MayMatch(filter, group.Blooms);

    public override void Evaluate(RowBatch batch, Span<bool> matches)
    {
        for (var i = 0; i < batch.Rows; i++)
        {
            var row = i;
            matches[i] = RowFilter.Matches(filter, field => batch.ValueOf(field, row));
        }
    }

    private static IEnumerable<NestedField> FieldsOf(Filter filter) => filter switch
    {
        AndFilter and => FieldsOf(and.Left).Concat(FieldsOf(and.Right)),
        OrFilter or => FieldsOf(or.Left).Concat(FieldsOf(or.Right)),
        BoundFilter bound => [bound.Field],
        _ => [],
    };
}
