using Dlt.Iceberg;

namespace Dlt.Tests.Iceberg.Transactions.Merge;

/// <summary>Files that cannot have a key are left out, and a file with a key never is.</summary>
public sealed class KeyBoundsTests
{
    private const int Width = 16;

    private static readonly PrimitiveType[] Types =
    [
        new(PrimitiveKind.Boolean), new(PrimitiveKind.Int), new(PrimitiveKind.Long), new(PrimitiveKind.Float), new(PrimitiveKind.Double),
        PrimitiveType.Decimal(20, 2), new(PrimitiveKind.Date), new(PrimitiveKind.Time), new(PrimitiveKind.Timestamp),
        new(PrimitiveKind.TimestampTz), new(PrimitiveKind.String), new(PrimitiveKind.Uuid), new(PrimitiveKind.Binary),
    ];

    private static readonly Transform[] Transforms =
    [
        Transform.Identity, Transform.Bucket(4), Transform.Truncate(3), Transform.Year, Transform.Month, Transform.Day, Transform.Hour,
        Transform.Void,
    ];

    [Fact]
    public void A_file_or_row_group_with_a_key_is_never_left_out()
    {
        var random = new Random(3);
        var leftOut = 0;
        for (var round = 0; round < 4000; round++)
        {
            var type = Types[round % Types.Length];
            var schema = SchemaOf(type);
            var spread = random.Next(3) == 0 ? 6000 : 40;
            var count = round % 50 == 0 ? 6000 : random.Next(1, 30);
            List<object> keys = [.. Enumerable.Range(0, count).Select(_ => Value(type, random, spread))];
            var bounds = BoundsOf(schema, keys);
            var rows = Enumerable.Range(0, random.Next(1, 8))
                .Select(_ => random.Next(8) == 0 ? null : Value(type, random, spread)).ToList();
            var transform = Transforms[random.Next(Transforms.Length)];
            var metadata = MetadataOf(schema, transform.ResultType(type) is null ? Transform.Void : transform);
            // All rows of a file are in the partition of the first one.
            var spec = metadata.DefaultSpec.Fields[0].Transform;
            object? PartitionOf(object? row) => row is null ? null : spec.Apply(type, row);
            var own = rows.FindAll(r => ValueEquality.AreEqual(PartitionOf(r), PartitionOf(rows[0])));
            var file = FileOf(metadata, type, own, random);
            var hasKey = own.Exists(r => r is not null && keys.Exists(k => KeyHash.Of(k) == KeyHash.Of(r)));
            Assert.True(!hasKey || bounds.MayMatch(metadata, file), $"round {round}: {type}, {transform}, {own.Count} rows");
            Assert.True(!hasKey || bounds.MayMatch(new RowGroupFacts(ColumnMetrics.Of(file))), $"round {round}: {type}");
            if (!bounds.MayMatch(metadata, file)) leftOut++;
        }

        Assert.InRange(leftOut, 500, 4000);
    }

    [Fact]
    public void Few_keys_select_the_files_that_have_them_in_their_bounds()
    {
        var random = new Random(1);
        var schema = SchemaOf(new(PrimitiveKind.Long));
        List<object> keys = [.. Enumerable.Range(0, 1000).Select(_ => (object)random.NextInt64(10_000_000))];
        var bounds = BoundsOf(schema, keys);
        var metadata = MetadataOf(schema, Transform.Void);
        for (var i = 0L; i < 10_000; i++)
        {
            var (lower, upper) = (i * 1000, i * 1000 + 999);
            var file = Ranged(schema, lower, upper);
            Assert.Equal(keys.Exists(k => (long)k >= lower && (long)k <= upper), bounds.MayMatch(metadata, file));
        }
    }

    [Fact]
    public void The_newest_keys_and_some_old_ones_select_few_files()
    {
        var schema = SchemaOf(new(PrimitiveKind.Long));
        var old = new long[] { 5, 77_123, 4_000_000 };
        var keys = Enumerable.Range(0, 200_000).Select(i => (object)(9_800_000L + i)).Concat(old.Select(o => (object)o));
        var bounds = BoundsOf(schema, keys);
        var metadata = MetadataOf(schema, Transform.Void);
        var selected = Enumerable.Range(0, 1000).Where(i => bounds.MayMatch(metadata, Ranged(schema, i * 10_000L, i * 10_000L + 9_999)));
        Assert.Equal([0, 7, 400, .. Enumerable.Range(980, 20)], selected);
    }

    [Fact]
    public void Keys_of_two_columns_select_files_that_may_have_both()
    {
        var schema = new Schema(
            [new(1, "tenant", new PrimitiveType(PrimitiveKind.String)), new(2, "id", new PrimitiveType(PrimitiveKind.Int))]);
        var bounds = new KeyBounds(Dlt.Iceberg.KeyColumns.Of(schema, ["tenant", "id"]), schema);
        foreach (var (tenant, id) in new[] { ("a", 1), ("c", 900) })
        {
            bounds.Add(0, tenant);
            bounds.Add(1, id);
        }

        Assert.True(bounds.MayMatch(FactsOf(("a", "b"), (0, 100))));
        Assert.False(bounds.MayMatch(FactsOf(("b", "b"), (0, 100))));
        Assert.False(bounds.MayMatch(FactsOf(("a", "b"), (2, 899))));

        RowGroupFacts FactsOf((string, string) tenants, (int, int) ids) => new(new ColumnMetrics
        {
            RecordCount = 9,
            LowerBounds = new Dictionary<int, byte[]> { [1] = Encode(tenants.Item1), [2] = BitConverter.GetBytes(ids.Item1) },
            UpperBounds = new Dictionary<int, byte[]> { [1] = Encode(tenants.Item2), [2] = BitConverter.GetBytes(ids.Item2) },
        });
        static byte[] Encode(string text) => System.Text.Encoding.UTF8.GetBytes(text);
    }

    [Fact]
    public void Bounds_of_UUIDs_leave_no_file_out_because_Java_orders_them_by_signed_halves()
    {
        var type = new PrimitiveType(PrimitiveKind.Uuid);
        var schema = SchemaOf(type);
        byte[] Encode(string id) => SingleValue.Encode(type, Guid.Parse(id))!;
        var file = new DataFile
        {
            FilePath = "f",
            RecordCount = 3,
            FileSizeInBytes = 1,
            Partition = [null],
            LowerBounds = new Dictionary<int, byte[]> { [1] = Encode("80000000-0000-0000-0000-000000000000") },
            UpperBounds = new Dictionary<int, byte[]> { [1] = Encode("7fffffff-0000-0000-0000-000000000000") },
        };
        var bounds = BoundsOf(schema, [Guid.Parse("00000000-0000-0000-0000-000000000001")]);
        Assert.True(bounds.MayMatch(MetadataOf(schema, Transform.Void), file));
    }

    [Fact]
    public void Buckets_without_a_key_are_left_out()
    {
        var schema = SchemaOf(new(PrimitiveKind.Uuid));
        var metadata = MetadataOf(schema, Transform.Bucket(64));
        List<object> keys = [.. Enumerable.Range(0, 5).Select(i => (object)new Guid(i, 0, 0, [1, 2, 3, 4, 5, 6, 7, 8]))];
        var bounds = BoundsOf(schema, keys);
        var buckets = keys.Select(k => (int)Transform.Bucket(64).Apply(new(PrimitiveKind.Uuid), k)!).ToHashSet();
        for (var bucket = 0; bucket < 64; bucket++)
        {
            var file = new DataFile { FilePath = "f", RecordCount = 3, FileSizeInBytes = 9, Partition = [bucket] };
            Assert.Equal(buckets.Contains(bucket), bounds.MayMatch(metadata, file));
        }
    }

    [Fact]
    public void Days_without_a_key_are_left_out_however_many_keys_there_are()
    {
        var schema = SchemaOf(new(PrimitiveKind.Timestamp));
        var metadata = MetadataOf(schema, Transform.Day);
        var day = Micros.PerDay;
        var bounds = BoundsOf(schema, Enumerable.Range(0, 100_000).Select(i => (object)((i % 2 == 0 ? 10 : 500) * day + i)));
        bool IsIn(int ordinal) => bounds.MayMatch(
            metadata, new DataFile { FilePath = "f", RecordCount = 3, FileSizeInBytes = 9, Partition = [ordinal] });
        Assert.Equal([10, 500], Enumerable.Range(0, 1000).Where(IsIn));
    }

    [Fact]
    public void Bounds_without_values_leave_out_nothing()
    {
        var schema = SchemaOf(new(PrimitiveKind.Long));
        Assert.True(BoundsOf(schema, []).MayMatch(MetadataOf(schema, Transform.Identity), Ranged(schema, 1, 2)));
    }

    private static Schema SchemaOf(PrimitiveType type) => new([new(1, "k", type)]);

    private static KeyBounds BoundsOf(Schema schema, IEnumerable<object> keys)
    {
        var bounds = new KeyBounds(Dlt.Iceberg.KeyColumns.Of(schema, ["k"]), schema);
        foreach (var key in keys) bounds.Add(0, key);
        return bounds;
    }

    private static TableMetadata MetadataOf(Schema schema, Transform transform) => NewTableMetadata.Of(
        schema, new PartitionSpec(0, [new(1, 1000, "p", transform)]), SortOrder.Unsorted, "file:///t", new Dictionary<string, string>(),
        TimeProvider.System.GetUtcNow());

    private static DataFile Ranged(Schema schema, long lower, long upper) => new()
    {
        FilePath = "f",
        RecordCount = 1000,
        FileSizeInBytes = 1,
        Partition = [null],
        LowerBounds = new Dictionary<int, byte[]> { [1] = SingleValue.Encode((PrimitiveType)schema.Fields[0].Type, lower)! },
        UpperBounds = new Dictionary<int, byte[]> { [1] = SingleValue.Encode((PrimitiveType)schema.Fields[0].Type, upper)! },
    };

    /// <summary>Describes a file as a writer would, with some of its metrics.</summary>
    private static DataFile FileOf(TableMetadata metadata, PrimitiveType type, List<object?> rows, Random random)
    {
        var transform = metadata.DefaultSpec.Fields[0].Transform;
        List<object> values = [.. rows.OfType<object>().Where(v => !ValueOrder.IsNan(v))];
        var file = new DataFile
        {
            FilePath = "f",
            RecordCount = rows.Count,
            FileSizeInBytes = 1,
            SpecId = metadata.DefaultSpecId,
            Partition = [rows[0] is { } first ? transform.Apply(type, first) : null],
            ValueCounts = random.Next(4) == 0 ? null : new Dictionary<int, long> { [1] = rows.Count },
            NullValueCounts = random.Next(4) == 0 ? null : new Dictionary<int, long> { [1] = rows.Count(r => r is null) },
            NanValueCounts = random.Next(4) == 0 ? null : new Dictionary<int, long> { [1] = rows.Count(ValueOrder.IsNan) },
        };
        if (values.Count == 0 || random.Next(6) == 0) return file;
        values.Sort(ValueOrder.Compare);
        var upper = Bounds.Upper(type, values[^1], Width);
        return file with
        {
            LowerBounds = new Dictionary<int, byte[]> { [1] = SingleValue.Encode(type, Bounds.Lower(type, values[0], Width))! },
            UpperBounds = upper is null ? null : new Dictionary<int, byte[]> { [1] = SingleValue.Encode(type, upper)! },
        };
    }

    private static object Value(PrimitiveType type, Random random, int spread)
    {
        var number = random.Next(-spread, spread);
        return type.Kind switch
        {
            PrimitiveKind.Boolean => number % 2 == 0,
            PrimitiveKind.Int or PrimitiveKind.Date => number,
            PrimitiveKind.Float => random.Next(9) == 0 ? float.NaN : random.Next(6) == 0 ? -0f : number / 2f,
            PrimitiveKind.Double => random.Next(9) == 0 ? double.NaN : random.Next(6) == 0 ? -0.0 : number / 3.0,
            PrimitiveKind.Decimal => (Int128)number * (random.Next(9) == 0 ? (Int128)1_000_000_000_000_000 : 1),
            PrimitiveKind.String => TextOf(number),
            PrimitiveKind.Uuid => new Guid(number, (short)number, 0, [(byte)number, 2, 3, 4, 5, 6, 7, 8]),
            PrimitiveKind.Binary => System.Text.Encoding.UTF8.GetBytes(TextOf(number)),
            _ => number * 7_000_000_000L,
        };
    }

    /// <summary>Texts that share their first 16 characters, have characters beyond UTF-16's first plane, or are short.</summary>
    private static string TextOf(int number) => (number % 3) switch
    {
        0 => $"https://example.com/{number:00000}",
        1 => $"x{number}",
        _ => $"12345678901234{(number % 2 == 0 ? "\U0001F600" : "\uFF5E")}{number}",
    };
}
