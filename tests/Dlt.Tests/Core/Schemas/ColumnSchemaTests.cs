using Dlt.Json;
using Dlt.Schemas;
using Dlt.Types;

namespace Dlt.Tests.Core.Schemas;

public sealed class ColumnSchemaTests
{
    [Theory]
    [InlineData(4294967306, int.MaxValue)]
    [InlineData(-4294967306, int.MinValue)]
    [InlineData(10, 10)]
    public void A_precision_beyond_the_range_stays_beyond_it_and_does_not_become_another_number(long declared, int precision)
    {
        var column = new ColumnSchema("d", DataType.Decimal).With("precision", JsonValue.Integer(declared))
            .With("scale", JsonValue.Integer(declared));
        Assert.Equal((precision, precision), (column.Precision, column.Scale));
    }
}
