using System.Collections.Immutable;

namespace Dlt.Iceberg;

/// <summary>Computes the partition of a row (docs/spec/iceberg.md 4.3).</summary>
internal sealed class RowPartition
{
    private readonly PartitionSpec _spec;
    private readonly RowConversion _conversion;
    private readonly Func<object?[], object?>[] _sources;
    private readonly PrimitiveType[] _sourceTypes;

    public RowPartition(PartitionSpec spec, Schema schema, RowConversion conversion)
    {
        _spec = spec;
        _conversion = conversion;
        Whole = new(spec.SpecId, []);
        _sources = [.. spec.Fields.Select(f => Source(schema, f.SourceId))];
        _sourceTypes = [.. spec.Fields.Select(f => (PrimitiveType)schema.Find(f.SourceId)!.Type)];
    }

    /// <summary>The only partition of an unpartitioned table.</summary>
    public PartitionKey Whole { get; }

    /// <summary>Computes the partition of a row.</summary>
    /// <param name="row">One value per column, in the form of <see cref="PrimitiveKind"/>.</param>
    /// <param name="number">Row number for messages, from 1.</param>
    /// <param name="isStored">True if the row is already in the table.</param>
    /// <exception cref="ArgumentException">The result of a transform does not fit its type.</exception>
    public PartitionKey Of(object?[] row, long number, bool isStored)
    {
        if (_spec.Fields.IsEmpty) return Whole;
        var values = ImmutableArray.CreateBuilder<object?>(_sources.Length);
        for (var i = 0; i < _sources.Length; i++)
        {
            var value = _sources[i](row) is { } source ? _spec.Fields[i].Transform.Apply(_sourceTypes[i], source) : null;
            if (value is Int128 && ValueCheck.Problem(_sourceTypes[i], value, isStored) is { } problem)
                throw _conversion.Unpartitionable(_spec.Fields[i], value, problem, number);
            values.Add(value);
        }

        return new(_spec.SpecId, values.MoveToImmutable());
    }

    /// <summary>A function that reads a column, or a field in structs, from a row.</summary>
    private static Func<object?[], object?> Source(Schema schema, int fieldId)
    {
        var path = schema.PathTo(fieldId)!;
        var steps = new List<int>();
        var fields = schema.Fields;
        foreach (var step in path)
        {
            var at = fields.Select((f, i) => (f, i)).First(f => f.f.Id == step.Id).i;
            steps.Add(at);
            if (fields[at].Type is StructType inner) fields = inner.Fields;
        }

        return row => steps.Skip(1).Aggregate(row[steps[0]], (value, step) => (value as object?[])?[step]);
    }
}
