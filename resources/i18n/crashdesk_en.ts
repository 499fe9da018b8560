<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>ActivityPage</name>
    <message numerus="yes">
        <source>%n entry(ies)</source>
        <translation>
            <numerusform>%n entry</numerusform>
            <numerusform>%n entries</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>CancellationController</name>
    <message numerus="yes">
        <source>%n more position(s) lose stops.</source>
        <translation>
            <numerusform>%n more position lose stops.</numerusform>
            <numerusform>%n more positions lose stops.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Changed since, and saved as on the exchange now: %n position(s).</source>
        <translation>
            <numerusform>Changed since, and saved as on the exchange now: %n position.</numerusform>
            <numerusform>Changed since, and saved as on the exchange now: %n positions.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Recover, and leave %n of the bot&apos;s own orders unknown to it?</source>
        <translation>
            <numerusform>Recover, and leave %n of the bot&apos;s own orders unknown to it?</numerusform>
            <numerusform>Recover, and leave %n of the bot&apos;s own orders unknown to it?</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ChangeTexts</name>
    <message numerus="yes">
        <source>%n byte(s)</source>
        <translation>
            <numerusform>%n byte</numerusform>
            <numerusform>%n bytes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n change(s) came after this checkpoint, and the recovery of {0} took all of it into account. The journal keeps nothing of it any more.</source>
        <translation>
            <numerusform>%n change came after this checkpoint, and the recovery of {0} took all of it into account. The journal keeps nothing of it any more.</numerusform>
            <numerusform>%n changes came after this checkpoint, and the recovery of {0} took all of it into account. The journal keeps nothing of it any more.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n change(s) came after this checkpoint, the last at {0}.</source>
        <translation>
            <numerusform>%n change came after this checkpoint, the last at {0}.</numerusform>
            <numerusform>%n changes came after this checkpoint, the last at {0}.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n change(s) came after this checkpoint. The recovery of {0} started from the checkpoint alone.</source>
        <translation>
            <numerusform>%n change came after this checkpoint. The recovery of {0} started from the checkpoint alone.</numerusform>
            <numerusform>%n changes came after this checkpoint. The recovery of {0} started from the checkpoint alone.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n change(s) came after this checkpoint, the last at {0}. The recovery of {1} took all of it into account.</source>
        <translation>
            <numerusform>%n change came after this checkpoint, the last at {0}. The recovery of {1} took all of it into account.</numerusform>
            <numerusform>%n changes came after this checkpoint, the last at {0}. The recovery of {1} took all of it into account.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Saved by a recovery from checkpoint {0} and %n change(s) after it.</source>
        <translation>
            <numerusform>Saved by a recovery from checkpoint {0} and %n change after it.</numerusform>
            <numerusform>Saved by a recovery from checkpoint {0} and %n changes after it.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ChartBoard</name>
    <message numerus="yes">
        <source>%n change(s)</source>
        <translation>
            <numerusform>%n change</numerusform>
            <numerusform>%n changes</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>CheckpointActions</name>
    <message numerus="yes">
        <source>Verifying %n checkpoint(s)</source>
        <translation>
            <numerusform>Verifying %n checkpoint</numerusform>
            <numerusform>Verifying %n checkpoints</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Pinning %n checkpoint(s)</source>
        <translation>
            <numerusform>Pinning %n checkpoint</numerusform>
            <numerusform>Pinning %n checkpoints</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n checkpoint(s) failed the check</source>
        <translation>
            <numerusform>%n checkpoint failed the check</numerusform>
            <numerusform>%n checkpoints failed the check</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n checkpoint(s) cannot be checked here.</source>
        <translation>
            <numerusform>%n checkpoint cannot be checked here.</numerusform>
            <numerusform>%n checkpoints cannot be checked here.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n checkpoint(s) are gone; retention may have removed them. All others are intact.</source>
        <translation>
            <numerusform>%n checkpoint is gone; retention may have removed them. All others are intact.</numerusform>
            <numerusform>%n checkpoints are gone; retention may have removed them. All others are intact.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n checkpoint(s) are intact by both checksum implementations.</source>
        <translation>
            <numerusform>%n checkpoint is intact by both checksum implementations.</numerusform>
            <numerusform>%n checkpoints are intact by both checksum implementations.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>CheckpointChoiceTexts</name>
    <message numerus="yes">
        <source>proposed: %n change(s), no checkpoint</source>
        <translation>
            <numerusform>proposed: %n change, no checkpoint</numerusform>
            <numerusform>proposed: %n changes, no checkpoint</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>proposed, with %n later change(s)</source>
        <translation>
            <numerusform>proposed, with %n later change</numerusform>
            <numerusform>proposed, with %n later changes</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>CheckpointStep</name>
    <message numerus="yes">
        <source>%n change(s)</source>
        <translation>
            <numerusform>%n change</numerusform>
            <numerusform>%n changes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>It was put together from the journal alone: %n change(s), the last of {0}.</source>
        <translation>
            <numerusform>It was put together from the journal alone: %n change, the last of {0}.</numerusform>
            <numerusform>It was put together from the journal alone: %n changes, the last of {0}.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ComparedWords</name>
    <message numerus="yes">
        <source>%n position(s) changed</source>
        <translation>
            <numerusform>%n position changed</numerusform>
            <numerusform>%n positions changed</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n known order(s) changed or over</source>
        <translation>
            <numerusform>%n known order changed or over</numerusform>
            <numerusform>%n known orders changed or over</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n orphan order(s) to decide on</source>
        <translation>
            <numerusform>%n orphan order to decide on</numerusform>
            <numerusform>%n orphan orders to decide on</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>CrashDialog</name>
    <message numerus="yes">
        <source>%n other fault(s) happened meanwhile; the log on the Activity page has them.</source>
        <translation>
            <numerusform>%n other fault happened meanwhile; the log on the Activity page has them.</numerusform>
            <numerusform>%n other faults happened meanwhile; the log on the Activity page has them.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DecideStep</name>
    <message numerus="yes">
        <source>At least %n orphan order(s)</source>
        <translation>
            <numerusform>At least %n orphan order</numerusform>
            <numerusform>At least %n orphan orders</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n orphan order(s)</source>
        <translation>
            <numerusform>%n orphan order</numerusform>
            <numerusform>%n orphan orders</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DecisionWarnings</name>
    <message numerus="yes">
        <source>Not provably the bot&apos;s: %n order(s) to cancel and {0} to adopt.</source>
        <translation>
            <numerusform>Not provably the bot&apos;s: %n order to cancel and {0} to adopt.</numerusform>
            <numerusform>Not provably the bot&apos;s: %n orders to cancel and {0} to adopt.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Not provably the bot&apos;s: %n order(s) to cancel.</source>
        <translation>
            <numerusform>Not provably the bot&apos;s: %n order to cancel.</numerusform>
            <numerusform>Not provably the bot&apos;s: %n orders to cancel.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Not provably the bot&apos;s: %n order(s) to adopt.</source>
        <translation>
            <numerusform>Not provably the bot&apos;s: %n order to adopt.</numerusform>
            <numerusform>Not provably the bot&apos;s: %n orders to adopt.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Protecting a position: %n order(s) to cancel.</source>
        <translation>
            <numerusform>Protecting a position: %n order to cancel.</numerusform>
            <numerusform>Protecting a position: %n orders to cancel.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Not kept: %n note(s) on orders without a decision. Choose Leave to keep a note.</source>
        <translation>
            <numerusform>Not kept: %n note on orders without a decision. Choose Leave to keep a note.</numerusform>
            <numerusform>Not kept: %n notes on orders without a decision. Choose Leave to keep a note.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The bot&apos;s own start cancels %n of its orders without a decision, unless its configuration says otherwise.</source>
        <translation>
            <numerusform>The bot&apos;s own start cancels %n of its orders without a decision, unless its configuration says otherwise.</numerusform>
            <numerusform>The bot&apos;s own start cancels %n of its orders without a decision, unless its configuration says otherwise.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>What has no decision stays on the exchange for now, unknown to the bot: %n of its own orders.</source>
        <translation>
            <numerusform>What has no decision stays on the exchange for now, unknown to the bot: %n of its own orders.</numerusform>
            <numerusform>What has no decision stays on the exchange for now, unknown to the bot: %n of its own orders.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DeniedQuestion</name>
    <message numerus="yes">
        <source>%n order(s) of this account will be cancelled, which may be another bot&apos;s:</source>
        <translation>
            <numerusform>%n order of this account will be cancelled, which may be another bot&apos;s:</numerusform>
            <numerusform>%n orders of this account will be cancelled, which may be another bot&apos;s:</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DifferenceController</name>
    <message numerus="yes">
        <source>; %n scope(s) could not be read and count as unknown</source>
        <translation>
            <numerusform>; %n scope could not be read and count as unknown</numerusform>
            <numerusform>; %n scopes could not be read and count as unknown</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ExchangePicker</name>
    <message numerus="yes">
        <source>%n exchange(s) found</source>
        <translation>
            <numerusform>%n exchange found</numerusform>
            <numerusform>%n exchanges found</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>HiddenColumns</name>
    <message numerus="yes">
        <source>+%n column(s)</source>
        <translation>
            <numerusform>+%n column</numerusform>
            <numerusform>+%n columns</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>HistoryFilters</name>
    <message numerus="yes">
        <source>%n checkpoint(s)</source>
        <translation>
            <numerusform>%n checkpoint</numerusform>
            <numerusform>%n checkpoints</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>HistoryPage</name>
    <message numerus="yes">
        <source>%n damaged file(s) were moved aside; recovery uses the newest intact checkpoint.</source>
        <translation>
            <numerusform>%n damaged file was moved aside; recovery uses the newest intact checkpoint.</numerusform>
            <numerusform>%n damaged files were moved aside; recovery uses the newest intact checkpoint.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>MoneyPanel</name>
    <message numerus="yes">
        <source>and %n more order(s); the exported report names them</source>
        <translation>
            <numerusform>and %n more order; the exported report names them</numerusform>
            <numerusform>and %n more orders; the exported report names them</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>NoticesPanel</name>
    <message numerus="yes">
        <source>No checkpoint can be used. The last known state was put together from the journal alone, from %n change(s).</source>
        <translation>
            <numerusform>No checkpoint can be used. The last known state was put together from the journal alone, from %n change.</numerusform>
            <numerusform>No checkpoint can be used. The last known state was put together from the journal alone, from %n changes.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The result of %n of them is unknown.</source>
        <translation>
            <numerusform>The result of %n of them is unknown.</numerusform>
            <numerusform>The result of %n of them is unknown.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>OrphanBanners</name>
    <message numerus="yes">
        <source>What became of %n order(s) is unknown.</source>
        <translation>
            <numerusform>What became of %n order is unknown.</numerusform>
            <numerusform>What became of %n orders is unknown.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>PlanWords</name>
    <message numerus="yes">
        <source>%n change(s)</source>
        <translation>
            <numerusform>%n change</numerusform>
            <numerusform>%n changes</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>RecoveryBanners</name>
    <message numerus="yes">
        <source>The result of %n of them is unknown.</source>
        <translation>
            <numerusform>The result of %n of them is unknown.</numerusform>
            <numerusform>The result of %n of them is unknown.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ReportStep</name>
    <message numerus="yes">
        <source>What became of %n order(s) is unknown.</source>
        <translation>
            <numerusform>What became of %n order is unknown.</numerusform>
            <numerusform>What became of %n orders is unknown.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The bot&apos;s own start cancels %n of its orders without a decision, unless its configuration says otherwise.</source>
        <translation>
            <numerusform>The bot&apos;s own start cancels %n of its orders without a decision, unless its configuration says otherwise.</numerusform>
            <numerusform>The bot&apos;s own start cancels %n of its orders without a decision, unless its configuration says otherwise.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n open order(s)</source>
        <translation>
            <numerusform>%n open order</numerusform>
            <numerusform>%n open orders</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n position(s)</source>
        <translation>
            <numerusform>%n position</numerusform>
            <numerusform>%n positions</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>StatusLine</name>
    <message numerus="yes">
        <source>%n order(s) too new to judge: reading again will settle it</source>
        <translation>
            <numerusform>%n order too new to judge: reading again will settle it</numerusform>
            <numerusform>%n orders too new to judge: reading again will settle it</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n order(s) too new to judge: the desk reads again in {0} s</source>
        <translation>
            <numerusform>%n order too new to judge: the desk reads again in {0} s</numerusform>
            <numerusform>%n orders too new to judge: the desk reads again in {0} s</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>StopLines</name>
    <message numerus="yes">
        <source>{0} and %n more</source>
        <translation>
            <numerusform>{0} and %n more</numerusform>
            <numerusform>{0} and %n more</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>and %n more position(s); the table of positions names them</source>
        <translation>
            <numerusform>and %n more position; the table of positions names them</numerusform>
            <numerusform>and %n more positions; the table of positions names them</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>UnreadWords</name>
    <message numerus="yes">
        <source>Positions could not be read. If the read at the end fails too, saved as last known, and not as they are: %n position(s).</source>
        <translation>
            <numerusform>Positions could not be read. If the read at the end fails too, saved as last known, and not as they are: %n position.</numerusform>
            <numerusform>Positions could not be read. If the read at the end fails too, saved as last known, and not as they are: %n positions.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>VerdictWords</name>
    <message numerus="yes">
        <source>{0} Recovered to checkpoint {1}; the result of %n decision(s) is unknown</source>
        <translation>
            <numerusform>{0} Recovered to checkpoint {1}; the result of %n decision is unknown</numerusform>
            <numerusform>{0} Recovered to checkpoint {1}; the result of %n decisions is unknown</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{0} Recovered to checkpoint {1}; %n of the bot&apos;s own orders left on the exchange for now, unknown to it</source>
        <translation>
            <numerusform>{0} Recovered to checkpoint {1}; %n of the bot&apos;s own orders left on the exchange for now, unknown to it</numerusform>
            <numerusform>{0} Recovered to checkpoint {1}; %n of the bot&apos;s own orders left on the exchange for now, unknown to it</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n of the bot&apos;s own orders left on the exchange for now, unknown to it.</source>
        <translation>
            <numerusform>%n of the bot&apos;s own orders left on the exchange for now, unknown to it.</numerusform>
            <numerusform>%n of the bot&apos;s own orders left on the exchange for now, unknown to it.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{0} Recovered to checkpoint {1}; %n orphan order(s) open that nobody settled</source>
        <translation>
            <numerusform>{0} Recovered to checkpoint {1}; %n orphan order open that nobody settled</numerusform>
            <numerusform>{0} Recovered to checkpoint {1}; %n orphan orders open that nobody settled</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n orphan order(s) open that nobody settled.</source>
        <translation>
            <numerusform>%n orphan order open that nobody settled.</numerusform>
            <numerusform>%n orphan orders open that nobody settled.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{0} Recovered to checkpoint {1}; %n position(s) saved without an entry price</source>
        <translation>
            <numerusform>{0} Recovered to checkpoint {1}; %n position saved without an entry price</numerusform>
            <numerusform>{0} Recovered to checkpoint {1}; %n positions saved without an entry price</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{0} Recovered to checkpoint {1}; %n adopted order(s) not provably the bot&apos;s</source>
        <translation>
            <numerusform>{0} Recovered to checkpoint {1}; %n adopted order not provably the bot&apos;s</numerusform>
            <numerusform>{0} Recovered to checkpoint {1}; %n adopted orders not provably the bot&apos;s</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n adopted order(s) not provably the bot&apos;s.</source>
        <translation>
            <numerusform>%n adopted order not provably the bot&apos;s.</numerusform>
            <numerusform>%n adopted orders not provably the bot&apos;s.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{0} Recovered to checkpoint {1}; %n decided order(s) had filled before</source>
        <translation>
            <numerusform>{0} Recovered to checkpoint {1}; %n decided order had filled before</numerusform>
            <numerusform>{0} Recovered to checkpoint {1}; %n decided orders had filled before</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n decided order(s) had filled before.</source>
        <translation>
            <numerusform>%n decided order had filled before.</numerusform>
            <numerusform>%n decided orders had filled before.</numerusform>
        </translation>
    </message>
</context>
</TS>
