using System.Collections.Immutable;

namespace Dlt.Iceberg;

/// <summary>Resolves the columns of a filter in a schema and converts its values to the columns' types.</summary>
internal static class FilterBinder
{
    /// <exception cref="ArgumentException">A column does not exist, or its type cannot be compared with a value.</exception>
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
        if (!filter.MatchesNan || Find(filter.Column, schema) is not { Type: PrimitiveType type } field) return bound;
        if (type.Kind is not (PrimitiveKind.Float or PrimitiveKind.Double)) return bound;
        return Filter.Or(bound, new BoundFilter(FilterOperation.IsNan, field, type, []));
    }

    /// <summary>Finds a column by its name, or by the same name in other cases, as SQL does.</summary>
    /// <exception cref="ArgumentException">Several columns have the name in other cases.</exception>
    private static NestedField? Find(string column, Schema schema)
    {
        if (schema.Find(column) is { } exact) return exact;
        var found = schema.FindInAnyCase(column);
        if (found.Count <= 1) return found.FirstOrDefault();
        var names = string.Join(", ", found.Select(f => $"'{schema.NameOf(f.Id)}'"));
        throw new ArgumentException($"The column '{column}' may be each of {names}. Write its name as the table has it, in double quotes.");
    }

    private static Filter BindOrdered(ColumnFilter filter, Schema schema)
    {
        if (Find(filter.Column, schema) is not { } field)
        {
            var columns = string.Join(", ", schema.Fields.Select(f => $"'{f.Name}'"));
            throw new ArgumentException($"There is no column '{filter.Column}'. The table has {columns}.");
        }

        if (schema.PathTo(field.Id)![..^1].Exists(f => f.Type is not StructType))
            throw new ArgumentException(
                $"'{filter.Column}' is in a list or map. A row can have several of its values, so it cannot be compared.");
        if (field.Type is not PrimitiveType type)
        {
            // A struct, list or map can be tested for null, but its metrics are unknown before its rows are read.
            return filter.Operation is FilterOperation.IsNull or FilterOperation.NotNull
                ? new BoundFilter(filter.Operation, field, new PrimitiveType(PrimitiveKind.Variant), [])
                : throw new ArgumentException($"Column '{filter.Column}' is a struct, list or map and cannot be compared.");
        }

        if (filter.Operation is FilterOperation.IsNan or FilterOperation.NotNan)
        {
            if (type.Kind is not (PrimitiveKind.Float or PrimitiveKind.Double))
                return filter.Operation == FilterOperation.IsNan ? Filter.False : new BoundFilter(FilterOperation.NotNull, field, type, []);
            return new BoundFilter(filter.Operation, field, type, []);
        }

        if (filter.Operation is FilterOperation.StartsWith or FilterOperation.NotStartsWith && type.Kind != PrimitiveKind.String)
            throw new ArgumentException($"Column '{filter.Column}' is not a string column.");
        var values = ImmutableArray.CreateBuilder<object>();
        foreach (var value in filter.Values)
        {
            var literal = FilterLiteral.Of(type, value)
                ?? throw new ArgumentException($"'{value}' cannot be compared with column '{filter.Column}', which is {SqlNameOf(type)}.");
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
                throw new ArgumentException($"Column '{filter.Column}' is compared with NaN. Use IsNan instead.");
            values.Add(literal.Value);
        }

        if (filter.Operation == FilterOperation.In && values.Count == 0) return Filter.False;
        if (filter.Operation == FilterOperation.NotIn && values.Count == 0)
            return new BoundFilter(FilterOperation.NotNull, field, type, []);
        return new BoundFilter(filter.Operation, field, type, values.ToImmutable());
    }

    /// <summary>
    /// Replaces a comparison with a number between two adjacent values of the type; null if the operation has several values.
    /// </summary>
    private static Filter? Between(FilterOperation operation, NestedField field, PrimitiveType type, object below) => operation switch
    {
        FilterOperation.Less or FilterOperation.LessOrEqual => new BoundFilter(FilterOperation.LessOrEqual, field, type, [below]),
        FilterOperation.Greater or FilterOperation.GreaterOrEqual => new BoundFilter(FilterOperation.Greater, field, type, [below]),
        FilterOperation.Equal => Filter.False,
        FilterOperation.NotEqual => new BoundFilter(FilterOperation.NotNull, field, type, []),
        _ => null,
    };

    /// <summary>The result of a comparison with a number outside the range of the type; null if the operation has several values.</summary>
    private static bool? Beyond(FilterOperation operation, bool isAbove) => operation switch
    {
        FilterOperation.Less or FilterOperation.LessOrEqual => isAbove,
        FilterOperation.Greater or FilterOperation.GreaterOrEqual => !isAbove,
        FilterOperation.Equal => false,
        FilterOperation.NotEqual => true,
        _ => null,
    };

    /// <summary>The type as users of SQL know it: <c>dlt iceberg show</c> and Athena say <c>bigint</c>.</summary>
    private static string SqlNameOf(PrimitiveType type) => type.Kind == PrimitiveKind.Long ? "bigint" : type.ToString();
}
