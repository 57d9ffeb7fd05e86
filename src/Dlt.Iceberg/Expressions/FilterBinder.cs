using System.Collections.Immutable;

namespace Dlt.Iceberg;

/// <summary>Finds the columns of a filter in a schema, and brings its values into their types.</summary>
internal static class FilterBinder
{
    /// <exception cref="ArgumentException">A column is not there, or a value cannot be compared with it.</exception>
    public static Filter Bind(Filter filter, Schema schema) => filter switch
    {
        AndFilter and => Filter.And(Bind(and.Left, schema), Bind(and.Right, schema)),
        OrFilter or => Filter.Or(Bind(or.Left, schema), Bind(or.Right, schema)),
        ColumnFilter column => Bind(column, schema),
        _ => filter,
    };

    private static Filter Bind(ColumnFilter filter, Schema schema)
    {
        var bound = BindOrdered(filter, schema);
        if (!filter.MatchesNan
            || schema.Find(filter.Column)
            is not { Type: PrimitiveType { Kind: PrimitiveKind.Float or PrimitiveKind.Double } type } field) return bound;
        return Filter.Or(bound, new BoundFilter(FilterOperation.IsNan, field, type, []));
    }

    private static Filter BindOrdered(ColumnFilter filter, Schema schema)
    {
        var field = schema.Find(filter.Column)
            ?? throw new ArgumentException(
                $"There is no column '{filter.Column}'; there are {string.Join(", ", schema.Fields.Select(f => $"'{f.Name}'"))}.");
        if (schema.PathTo(field.Id)![..^1].Exists(f => f.Type is not StructType))
            throw new ArgumentException($"'{filter.Column}' is below a list or map: a row has several of it, and none can be compared.");
        if (field.Type is not PrimitiveType type)
        {
            // Whether a struct, list or map is there can be asked, but nothing is known of it before its rows are read.
            return filter.Operation is FilterOperation.IsNull or FilterOperation.NotNull
                ? new BoundFilter(filter.Operation, field, new PrimitiveType(PrimitiveKind.Variant), [])
                : throw new ArgumentException($"Column '{filter.Column}' is a struct, list or map, and cannot be compared.");
        }

        if (filter.Operation is FilterOperation.IsNan or FilterOperation.NotNan)
        {
            if (type.Kind is not (PrimitiveKind.Float or PrimitiveKind.Double))
                return filter.Operation == FilterOperation.IsNan ? Filter.False : new BoundFilter(FilterOperation.NotNull, field, type, []);
            return new BoundFilter(filter.Operation, field, type, []);
        }

        if (filter.Operation is FilterOperation.StartsWith or FilterOperation.NotStartsWith && type.Kind != PrimitiveKind.String)
            throw new ArgumentException($"Column '{filter.Column}' is no text.");
        var values = ImmutableArray.CreateBuilder<object>();
        foreach (var value in filter.Values)
        {
            var literal = FilterLiteral.Of(type, value)
                ?? throw new ArgumentException($"'{value}' cannot be compared with column '{filter.Column}', which is {type}.");
            switch (literal.Place)
            {
                case FilterPlace.Below or FilterPlace.Above:
                    if (Beyond(filter.Operation, literal.Place == FilterPlace.Above) is { } answer)
                        return answer ? new BoundFilter(FilterOperation.NotNull, field, type, []) : Filter.False;
                    continue;
                case FilterPlace.JustBelow:
                    if (Between(filter.Operation, field, type, literal.Value) is { } rounded) return rounded;
                    continue;
            }

            if (ValueOrder.IsNan(literal.Value))
                throw new ArgumentException($"Column '{filter.Column}' is compared with NaN. Ask IsNan instead.");
            values.Add(literal.Value);
        }

        if (filter.Operation == FilterOperation.In && values.Count == 0) return Filter.False;
        if (filter.Operation == FilterOperation.NotIn && values.Count == 0)
            return new BoundFilter(FilterOperation.NotNull, field, type, []);
        return new BoundFilter(filter.Operation, field, type, values.ToImmutable());
    }

    /// <summary>A comparison with what lies between a value of the type and the next one; null where it is one of several.</summary>
    private static Filter? Between(FilterOperation operation, NestedField field, PrimitiveType type, object below) => operation switch
    {
        FilterOperation.Less or FilterOperation.LessOrEqual => new BoundFilter(FilterOperation.LessOrEqual, field, type, [below]),
        FilterOperation.Greater or FilterOperation.GreaterOrEqual => new BoundFilter(FilterOperation.Greater, field, type, [below]),
        FilterOperation.Equal => Filter.False,
        FilterOperation.NotEqual => new BoundFilter(FilterOperation.NotNull, field, type, []),
        _ => null,
    };

    /// <summary>The outcome of a comparison with a number that the type cannot hold; null where it is one of several.</summary>
    private static bool? Beyond(FilterOperation operation, bool isAbove) => operation switch
    {
        FilterOperation.Less or FilterOperation.LessOrEqual => isAbove,
        FilterOperation.Greater or FilterOperation.GreaterOrEqual => !isAbove,
        FilterOperation.Equal => false,
        FilterOperation.NotEqual => true,
        _ => null,
    };
}
