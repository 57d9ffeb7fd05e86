using Dlt.Iceberg;

namespace Dlt.Tests.Iceberg.Transactions.Merge;

/// <summary>
/// A table as a list of rows: <c>id</c> and <c>code</c>, which merges compare as keys, <c>n</c>, <c>v</c>, a struct <c>s</c> with the field
/// <c>z</c> of the type of <c>id</c>, and columns that are added later.
/// </summary>
internal sealed class MergeModel(Random random, PrimitiveType idType)
{
    private static readonly PrimitiveType Text = new(PrimitiveKind.String);

    public List<object?[]> Rows { get; private set; } = [];

    public PrimitiveType IdType { get; private set; } = idType;

    private int _added;

    public static Schema SchemaOf(PrimitiveType idType) => new(
    [
        new(1, "id", idType), new(2, "code", Text), new(3, "n", new PrimitiveType(PrimitiveKind.Int)), new(4, "v", Text),
        new(5, "s", new StructType([new(6, "y", Text), new(7, "z", idType)])),
    ]);

    /// <summary>True when keys have the same value. Zeros of both signs are equal, and so are NaNs.</summary>
    public static bool AreEqual(object a, object b) =>
        (ValueOrder.IsZero(a) && ValueOrder.IsZero(b)) || ValueOrder.Compare(a, b) == 0;

    /// <summary>Makes rows that are not part of the table.</summary>
    public List<object?[]> NewRows(int count) =>
    [
        .. Enumerable.Range(0, count).Select(i => new object?[]
        {
            random.Next(8) == 0 ? null : Id(), random.Next(8) == 0 ? null : $"code {random.Next(4)} of a long prefix",
            random.Next(8) == 0 ? null : random.Next(6), $"v{random.Next(1000)}",
            random.Next(8) == 0 ? null : new object?[] { "y", random.Next(8) == 0 ? null : Id() },
        }.Concat(Enumerable.Range(0, _added).Select(a => (object?)(long)random.Next(9))).ToArray()),
    ];

    public void Add(IEnumerable<object?[]> rows) => Rows.AddRange(rows.Select(r => r.ToArray()));

    public void Remove(Predicate<object?[]> match) => Rows.RemoveAll(match);

    /// <summary>Sets <c>v</c> of rows.</summary>
    public void Change(Predicate<object?[]> match, string value)
    {
        foreach (var row in Rows.Where(r => match(r))) row[3] = value;
    }

    /// <summary>Widens <c>id</c> and <c>s.z</c>; false when their type cannot be widened.</summary>
    public bool Widen()
    {
        if (IdType.Kind is not (PrimitiveKind.Int or PrimitiveKind.Float)) return false;
        IdType = new(IdType.Kind == PrimitiveKind.Int ? PrimitiveKind.Long : PrimitiveKind.Double);
        foreach (var row in Rows)
        {
            row[0] = Widened(row[0]);
            if (row[4] is object?[] members) row[4] = new[] { members[0], Widened(members[1]) };
        }

        return true;
    }

    public string AddColumn()
    {
        Rows = [.. Rows.Select(r => r.Append(null).ToArray())];
        return $"added_{++_added}";
    }

    private static object? Widened(object? value) => value switch
    {
        int number => (long)number,
        float number => (double)number,
        _ => value,
    };

    private object Id()
    {
        var number = random.Next(-5, 20);
        return IdType.Kind switch
        {
            PrimitiveKind.Boolean => number % 2 == 0,
            PrimitiveKind.Int or PrimitiveKind.Date => number,
            PrimitiveKind.Float => number == 7 ? float.NaN : number == 8 ? -0f : number / 2f,
            PrimitiveKind.Double => number == 7 ? double.NaN : number == 8 ? -0.0 : number / 2.0,
            PrimitiveKind.Decimal => (Int128)number * 1_000_000_000_000,
            PrimitiveKind.String => number % 2 == 0 ? $"{number}" : $"https://example.com/items/{number}",
            PrimitiveKind.Uuid => new Guid(number, 0, 0, [1, 2, 3, 4, 5, 6, 7, 8]),
            PrimitiveKind.Binary => new[] { (byte)(number & 0xFF), (byte)7 },
            PrimitiveKind.Time => Math.Abs(number) * 3_600_000_001L,
            _ => number * 86_400_000_000L / 3,
        };
    }
}
