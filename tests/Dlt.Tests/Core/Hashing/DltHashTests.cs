using System.Text;
using CsCheck;
using Dlt.Hashing;

namespace Dlt.Tests.Core.Hashing;

public class DltHashTests
{
    [Fact]
    public void Four_ids_at_once_are_the_ids_one_by_one() =>
        Gen.Select(Gen.String[Gen.Char.AlphaNumeric, 1, 130], Gen.Long[0, long.MaxValue].Array[4], Gen.Byte.Array[40])
        .Sample((table, indexes, random) =>
    {
        var name = Encoding.UTF8.GetBytes(table);
        if (!DltHash.HashesFour(name)) return;
        var parents = new byte[4 * DltHash.RowIdChars];
        var expected = new byte[4 * DltHash.RowIdChars];
        for (var way = 0; way < 4; way++)
        {
            DltHash.EncodeRowId(random.AsSpan(way * DltHash.RowIdBytes, DltHash.RowIdBytes), parents.AsSpan(way * DltHash.RowIdChars));
            DltHash.ChildRowId(parents.AsSpan(way * DltHash.RowIdChars, DltHash.RowIdChars), name, indexes[way],
                expected.AsSpan(way * DltHash.RowIdChars));
        }

        var ids = new byte[4 * DltHash.RowIdChars];
        DltHash.ChildRowIds(parents, name, indexes, ids);
        Assert.Equal(Encoding.ASCII.GetString(expected), Encoding.ASCII.GetString(ids));
    }, iter: 2000);
}
