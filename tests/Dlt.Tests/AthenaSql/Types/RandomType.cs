using Dlt.Sql;

namespace Dlt.Tests.AthenaSql.Types;

/// <summary>Generates Athena types of any shape.</summary>
internal static class RandomType
{
    private static readonly string[] Names =
        ["a", "order", "date", "Mixed", "two words", "it's", "a:b", "\"", "`", "x,y<z>", "array", "1st"];

    /// <param name="random">Source of randomness.</param>
    /// <param name="depth">Maximum levels of nesting.</param>
    /// <param name="ofTables">True for types that Hive has and stores in full only.</param>
    public static AthenaType Of(Random random, int depth, bool ofTables)
    {
        switch (random.Next(depth == 0 ? 6 : 9))
        {
            case 0 or 1: return new AthenaType.Scalar((AthenaScalar)random.Next(ofTables ? (int)AthenaScalar.Json : 14));
            case 2:
                var digits = random.Next(1, 39);
                return new AthenaType.Decimal(digits, random.Next(digits + 1));
            case 3: return new AthenaType.Varchar(random.Next(2) == 0 ? null : random.Next(1, 99_999));
            case 4: return new AthenaType.Char(random.Next(1, 256));
            case 5 when ofTables: return new AthenaType.Timestamp(AthenaType.Timestamp.DefaultPrecision);
            case 5:
                return random.Next(2) == 0
                ? new AthenaType.Time(random.Next(13), random.Next(2) == 0)
                : new AthenaType.Timestamp(random.Next(13), random.Next(2) == 0);
            case 6: return new AthenaType.Array(Of(random, depth - 1, ofTables));
            case 7: return new AthenaType.Map(Of(random, depth - 1, ofTables), Of(random, depth - 1, ofTables));
            default:
                var names = random.GetItems(Names, random.Next(1, 5)).Distinct();
                return new AthenaType.Row([.. names.Select(n => new AthenaRowField(
                    ofTables || random.Next(4) > 0 ? n : null, Of(random, depth - 1, ofTables)))]);
        }
    }
}
