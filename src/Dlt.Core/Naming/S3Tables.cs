namespace Dlt.Naming;

/// <summary>
/// The convention <c>s3_tables</c>: snake_case by the rules of Amazon S3 Tables, with at most 255 characters and no leading underscore in
/// table names.
/// </summary>
internal sealed class S3Tables(int? maxLength) : SnakeCase(Limit(maxLength))
{
    private const int ServiceLimit = 255;

    public override string Name => "s3_tables";

    public override string NormalizeTableIdentifier(string identifier) => base.NormalizeTableIdentifier(identifier).TrimStart('_');

    private static int Limit(int? maxLength) => maxLength switch
    {
        null => ServiceLimit,
        > ServiceLimit => throw new ArgumentOutOfRangeException(nameof(maxLength), maxLength, "S3 Tables allows identifiers of at "
            + "most 255 characters."),
        _ => maxLength.Value,
    };
}
