namespace Dlt.Golden.Differences;

/// <summary>Every difference that golden cases show. Each has a line with its anchor in <c>docs/differences.md</c>.</summary>
internal static class AllDifferences
{
    public static IReadOnlyList<Difference> List { get; } =
    [
        new IntegerBeyond64Bits(),
        new NumberBeyondDouble(),
        new IntegerBeyondColumn(),
        new DecimalBeyondColumn(),
        new WeiBeyond28Digits(),
        new WeiBeyond38Digits(),
        new NanInJson(),
        new EmptyBinary(),
        new SetsAreLists(),
        new UuidIsText(),
        new HexBytesAreBinary(),
        new OffsetOfADay(),
        new TimesOfDay(),
        new KeysOfOneName(),
        new ListsOfOwnTables(),
        new ReservedTables(),
        new NamesWithoutLetters(),
        new LongNames(),
        new LoadIdOfDeclaredRoots(),
        new CursorKeyOfOneField(),
        new NestedHintsWithoutNames(),
        new SchemaStoredOnce(),
        new ArrowTypeChange(),
        new ArrowNarrowerType(),
        new ArrowDeclaredTypes(),
        new ArrowFileTypes(),
        new ArrowNanoseconds(),
        new PlaceholderLeft(),
        new TableForText(),
        new KeysThatDltNeverReads(),
        new ZstdByDefault(),
        new MissingKeys(),
        new CredentialsAsJson(),
        new ByteOrderMark(),
        new AwsFilesAtLogin(),
        new SlashOfBucketUrl(),
        new DatasetNameInLowerCase(),
        new FormatOfStoredTable(),
        new LoadsWithoutQueries(),
        new DatabaseThatExists(),
    ];
}
